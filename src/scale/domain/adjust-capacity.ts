export type AdjustmentType = 'ChangeInCapacity' | 'ExactCapacity' | 'PercentChangeInCapacity'

/** One step: for a breach from `lower` up to `upper`, as distances from the alarm's threshold. */
export interface StepAdjustment {
  readonly lower?: number | undefined
  readonly upper?: number | undefined
  readonly adjustment: number
}

/** How far a metric was off when its alarm spoke. */
export interface Breach {
  readonly metricValue: number
  readonly threshold: number
}

/** What a scaling policy does when it is executed, as AWS names it. */
export type PolicyRule =
  | {
      readonly type: 'SimpleScaling'
      readonly adjustmentType: AdjustmentType
      readonly adjustment: number
      readonly magnitudeMin?: number | undefined
      readonly cooldownSeconds?: number | undefined
    }
  | {
      readonly type: 'StepScaling'
      readonly adjustmentType: AdjustmentType
      readonly steps: readonly StepAdjustment[]
      readonly magnitudeMin?: number | undefined
      readonly warmupSeconds?: number | undefined
    }
  | {
      readonly type: 'TargetTrackingScaling'
      readonly target: number
      readonly scalesIn: boolean
      readonly warmupSeconds?: number | undefined
    }

/** The group as a policy sees it. */
export interface CapacityView {
  readonly minSize: number
  readonly maxSize: number
  readonly desired: number
  /** Of the desired ones, those that still warm up. */
  readonly warming: number
}

/** The capacity that a simple adjustment asks for, before the group's bounds. AWS's rounding: towards zero, but never to no change at all. */
export function adjusted(
  current: number,
  adjustmentType: AdjustmentType,
  adjustment: number,
  magnitudeMin = 1,
): number {
  switch (adjustmentType) {
    case 'ExactCapacity':
      return adjustment
    case 'ChangeInCapacity':
      return current + adjustment
    case 'PercentChangeInCapacity': {
      const change = (current * adjustment) / 100
      if (change === 0) return current
      const size = Math.max(Math.floor(Math.abs(change)), 1, magnitudeMin)
      return current + Math.sign(change) * size
    }
  }
}

/**
 * The step for a breach: above the threshold a step begins at its lower bound, below it at its upper one. At the threshold itself both
 * meet, for alarms compare with `>=` and `<=`; a policy of steps that only look down is met by its upper bound.
 */
export function stepFor(
  steps: readonly StepAdjustment[],
  { metricValue, threshold }: Breach,
): StepAdjustment | undefined {
  const distance = metricValue - threshold
  const above = ({ lower = -Infinity, upper = Infinity }: StepAdjustment): boolean =>
    distance >= 0 && lower <= distance && distance < upper
  const below = ({ lower = -Infinity, upper = Infinity }: StepAdjustment): boolean =>
    distance <= 0 && lower < distance && distance <= upper
  return steps.find(above) ?? steps.find(below)
}

/** AWS scales in when the metric falls below this part of its target. */
export const scaleInPart = 0.9

/**
 * The desired capacity that a policy leads to, within the group's bounds; undefined when it asks for nothing. Instances that warm up do
 * not count for steps and tracking when they scale out, so that one long breach does not launch again and again; while any warms up
 * they do not scale in.
 */
export function planAdjustment(
  rule: PolicyRule,
  group: CapacityView,
  breach: Breach | undefined,
): number | undefined {
  const wish = wishOf(rule, group, breach)
  if (wish === undefined || Number.isNaN(wish)) return undefined
  const next = Math.max(group.minSize, Math.min(group.maxSize, wish))
  return next === group.desired ? undefined : next
}

function wishOf(
  rule: PolicyRule,
  group: CapacityView,
  breach: Breach | undefined,
): number | undefined {
  if (rule.type === 'SimpleScaling') {
    return adjusted(group.desired, rule.adjustmentType, rule.adjustment, rule.magnitudeMin)
  }
  if (!breach) return undefined
  const warm = Math.max(0, group.desired - group.warming)
  const wish =
    rule.type === 'StepScaling' ? stepWish(rule, warm, breach) : trackWish(rule, group, breach)
  if (wish === undefined) return undefined
  const isOut = rule.type === 'StepScaling' ? wish >= warm : breach.metricValue > rule.target
  if (isOut) return Math.max(wish, group.desired)
  return group.warming > 0 ? undefined : Math.min(wish, group.desired)
}

function stepWish(
  rule: Extract<PolicyRule, { type: 'StepScaling' }>,
  warm: number,
  breach: Breach,
): number | undefined {
  const step = stepFor(rule.steps, breach)
  return step && adjusted(warm, rule.adjustmentType, step.adjustment, rule.magnitudeMin)
}

/** In proportion, rounded up: better one too many than one too few. */
function trackWish(
  rule: Extract<PolicyRule, { type: 'TargetTrackingScaling' }>,
  group: CapacityView,
  { metricValue }: Breach,
): number | undefined {
  const ratio = metricValue / rule.target
  const warm = Math.max(1, group.desired - group.warming)
  if (ratio > 1) return Math.ceil(warm * ratio)
  return rule.scalesIn && ratio < scaleInPart ? Math.ceil(group.desired * ratio) : undefined
}

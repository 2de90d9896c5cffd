import type { PutScalingPolicyType } from '@aws-sdk/client-auto-scaling'
import type {
  AdjustmentType,
  PolicyRule,
  StepAdjustment,
} from '../../scale/domain/adjust-capacity.ts'
import { validationError } from './errors.ts'

export const adjustmentTypes = [
  'ChangeInCapacity',
  'ExactCapacity',
  'PercentChangeInCapacity',
] as const satisfies readonly AdjustmentType[]

export type PolicyInput = Omit<PutScalingPolicyType, 'AutoScalingGroupName' | 'PolicyName'>

/** Members that belong to one type of policy alone. */
const membersOfType = {
  SimpleScaling: ['AdjustmentType', 'ScalingAdjustment', 'MinAdjustmentMagnitude', 'Cooldown'],
  StepScaling: [
    'AdjustmentType',
    'StepAdjustments',
    'MinAdjustmentMagnitude',
    'MetricAggregationType',
    'EstimatedInstanceWarmup',
  ],
  TargetTrackingScaling: ['TargetTrackingConfiguration', 'EstimatedInstanceWarmup'],
} as const satisfies Record<PolicyRule['type'], readonly (keyof PolicyInput)[]>

/** What a policy does, out of a request, checked in AWS's words. Tracking is checked apart: see tracking-specification.ts. */
export function checkRule(input: PolicyInput): PolicyRule {
  const type = checkPolicyType(input.PolicyType ?? 'SimpleScaling')
  checkMembers(type, input)
  const warmup = optionalSeconds('EstimatedInstanceWarmup', input.EstimatedInstanceWarmup)
  if (type === 'TargetTrackingScaling') return trackingRule(input, warmup)
  const adjustmentType = checkAdjustmentType(input.AdjustmentType)
  const magnitude = magnitudeOf(input, adjustmentType)
  if (type === 'SimpleScaling') {
    const cooldown = optionalSeconds('Cooldown', input.Cooldown)
    return {
      type,
      adjustmentType,
      adjustment: checkAdjustment(input.ScalingAdjustment, adjustmentType),
      ...magnitude,
      ...(cooldown === undefined ? {} : { cooldownSeconds: cooldown }),
    }
  }
  return {
    type,
    adjustmentType,
    steps: checkSteps(input.StepAdjustments ?? [], adjustmentType),
    ...magnitude,
    ...(warmup === undefined ? {} : { warmupSeconds: warmup }),
  }
}

function checkPolicyType(given: string): PolicyRule['type'] {
  if (given in membersOfType) return given as PolicyRule['type']
  throw validationError(
    `PolicyType ${given} is not supported here; ${Object.keys(membersOfType).join(', ')} are.`,
  )
}

function checkMembers(type: PolicyRule['type'], input: PolicyInput): void {
  const own: readonly string[] = membersOfType[type]
  const others = new Set<keyof PolicyInput>(Object.values(membersOfType).flat())
  for (const member of others) {
    if (input[member] === undefined || own.includes(member)) continue
    throw validationError(`${member} is not supported for policies of type ${type}`)
  }
}

function checkAdjustmentType(given: string | undefined): AdjustmentType {
  const found = adjustmentTypes.find((type) => type === given)
  if (!found) {
    throw validationError(
      `You must specify a valid AdjustmentType, one of ${adjustmentTypes.join(', ')}`,
    )
  }
  return found
}

function magnitudeOf(input: PolicyInput, adjustmentType: AdjustmentType) {
  const magnitudeMin = input.MinAdjustmentMagnitude
  if (magnitudeMin === undefined) return {}
  if (adjustmentType !== 'PercentChangeInCapacity') {
    throw validationError(
      'MinAdjustmentMagnitude is supported only if the adjustment type is PercentChangeInCapacity',
    )
  }
  if (!Number.isInteger(magnitudeMin) || magnitudeMin < 1) {
    throw validationError('MinAdjustmentMagnitude must be at least 1')
  }
  return { magnitudeMin }
}

function checkAdjustment(given: number | undefined, adjustmentType: AdjustmentType): number {
  if (given === undefined || !Number.isInteger(given)) {
    throw validationError('You must specify a ScalingAdjustment for policies of type SimpleScaling')
  }
  if (adjustmentType === 'ExactCapacity' && given < 0) {
    throw validationError('ScalingAdjustment must not be negative for ExactCapacity')
  }
  return given
}

/** AWS's quota. */
const stepsMax = 20

/** Steps meet without gap or overlap, at most one is open below and one above, and 0 lies on a border. */
function checkSteps(
  given: NonNullable<PolicyInput['StepAdjustments']>,
  adjustmentType: AdjustmentType,
): readonly StepAdjustment[] {
  if (given.length === 0 || given.length > stepsMax) {
    throw validationError(
      `You must specify between 1 and ${stepsMax} StepAdjustments for policies of type StepScaling`,
    )
  }
  const steps = given
    .map((step) => ({
      lower: step.MetricIntervalLowerBound,
      upper: step.MetricIntervalUpperBound,
      adjustment: checkAdjustment(step.ScalingAdjustment, adjustmentType),
    }))
    .sort((a, b) => (a.lower ?? -Infinity) - (b.lower ?? -Infinity))
  for (const [index, { lower, upper }] of steps.entries()) {
    if (lower === undefined && upper === undefined) {
      throw validationError(
        'At least one of MetricIntervalLowerBound and MetricIntervalUpperBound must be specified',
      )
    }
    if (lower !== undefined && upper !== undefined && lower >= upper) {
      throw validationError('MetricIntervalLowerBound must be less than MetricIntervalUpperBound')
    }
    const next = steps[index + 1]
    if (next && (upper === undefined || next.lower === undefined || next.lower < upper)) {
      throw validationError('StepAdjustment intervals can not overlap')
    }
    if (next && next.lower !== upper) {
      throw validationError('There can be no gaps between StepAdjustment intervals')
    }
  }
  return steps.map(({ lower, upper, adjustment }) => ({
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
    adjustment,
  }))
}

function trackingRule(input: PolicyInput, warmup: number | undefined): PolicyRule {
  const given = input.TargetTrackingConfiguration
  if (!given || given.TargetValue === undefined || !(given.TargetValue > 0)) {
    throw validationError(
      'A TargetTrackingConfiguration with a TargetValue above 0 must be specified for policies of type TargetTrackingScaling',
    )
  }
  return {
    type: 'TargetTrackingScaling',
    target: given.TargetValue,
    scalesIn: !(given.DisableScaleIn ?? false),
    ...(warmup === undefined ? {} : { warmupSeconds: warmup }),
  }
}

function optionalSeconds(name: string, seconds: number | undefined): number | undefined {
  if (seconds !== undefined && (!Number.isInteger(seconds) || seconds < 0)) {
    throw validationError(`${name} must be a whole number of seconds of at least 0`)
  }
  return seconds
}

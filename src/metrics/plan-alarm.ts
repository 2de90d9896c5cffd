export type Comparison =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold'

export type MissingTreatment = 'breaching' | 'notBreaching' | 'ignore' | 'missing'

export interface AlarmRule {
  readonly evaluationPeriods: number
  /** M of M out of N; N when absent. */
  readonly datapointsToAlarm?: number | undefined
  readonly threshold: number
  readonly comparison: Comparison
  readonly missing: MissingTreatment
}

export interface Datapoint {
  readonly at: number
  readonly value: number
}

/** What the datapoints say. `retain`: nothing that would change the state. */
export interface AlarmPlan {
  readonly verdict: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'retain'
  /** The datapoints that decided, newest first, and those among them that breach. */
  readonly evaluated: readonly Datapoint[]
  readonly breaching: readonly Datapoint[]
  /** Periods that had to be filled. */
  readonly filled: number
}

/**
 * So many periods more than asked for are looked at, so that a datapoint that is late does not count as missing at once. With three
 * evaluation periods these are the five of CloudWatch's own tables.
 */
export const lookBackPeriods = 2

export function isBreaching(rule: Pick<AlarmRule, 'comparison' | 'threshold'>, value: number) {
  switch (rule.comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= rule.threshold
    case 'GreaterThanThreshold':
      return value > rule.threshold
    case 'LessThanThreshold':
      return value < rule.threshold
    case 'LessThanOrEqualToThreshold':
      return value <= rule.threshold
  }
}

/**
 * Decides from the periods of the evaluation range, newest first, undefined where there is no data. As documented under "Configuring
 * how CloudWatch alarms treat missing data", whose tables are this function's tests.
 */
export function planAlarm(rule: AlarmRule, range: readonly (Datapoint | undefined)[]): AlarmPlan {
  const { evaluationPeriods, missing } = rule
  const needed = rule.datapointsToAlarm ?? evaluationPeriods
  const evaluated = range.filter((point) => point !== undefined).slice(0, evaluationPeriods)
  const breaching = evaluated.filter((point) => isBreaching(rule, point.value))
  const filled = evaluationPeriods - evaluated.length
  const plan = (verdict: AlarmPlan['verdict']): AlarmPlan => ({
    verdict,
    evaluated,
    breaching,
    filled,
  })
  if (breaching.length >= needed) return plan('ALARM')
  if (filled === 0) return plan('OK')
  if (missing === 'notBreaching') return plan('OK')
  if (missing === 'breaching') return plan(breaching.length + filled >= needed ? 'ALARM' : 'OK')
  if (breaching.length < evaluated.length) return plan('OK')
  if (missing === 'ignore') return plan('retain')
  if (evaluated.length === 0) return plan('INSUFFICIENT_DATA')
  return plan(isOldEnough(rule, range, needed) ? 'ALARM' : 'retain')
}

/**
 * All that is there breaches, and there is too little of it. It is an alarm once the oldest breach is as old as an alarm needs; before
 * that, what is missing may yet turn out to be fine.
 */
function isOldEnough(
  rule: AlarmRule,
  range: readonly (Datapoint | undefined)[],
  needed: number,
): boolean {
  const periods = range.slice(0, rule.evaluationPeriods)
  const oldest = periods.findLastIndex((point) => point !== undefined)
  return oldest + 1 >= needed
}

/**
 * Whether the tally of a period that is still open breaches already, whatever may still come: only then does an open
 * period count. A sum counts while nothing negative has come.
 */
export function isBreachFinal(
  rule: Pick<AlarmRule, 'comparison' | 'threshold'>,
  statistic: string,
  soFar: { readonly value: number; readonly minimum: number },
): boolean {
  if (!canBeFinal(rule.comparison, statistic)) return false
  if (statistic === 'Sum' && soFar.minimum < 0) return false
  return isBreaching(rule, soFar.value)
}

/** Whether an open period can ever count for this alarm: its statistic moves towards the breach only. */
export function canBeFinal(comparison: Comparison, statistic: string): boolean {
  const isUpward = comparison.startsWith('Greater')
  return isUpward
    ? statistic === 'Maximum' || statistic === 'SampleCount' || statistic === 'Sum'
    : statistic === 'Minimum'
}

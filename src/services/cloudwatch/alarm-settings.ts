import type { PutCompositeAlarmInput, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch'
import type { Scope } from '../../kernel/scope.ts'
import type {
  AlarmActions,
  CompositeAlarmSettings,
  Measure,
  MetricAlarmSettings,
} from '../../metrics/alarm.ts'
import { parseAlarmRule } from '../../metrics/domain/alarm-rule.ts'
import { parseStatistic, plainStatistics } from '../../metrics/domain/statistic.ts'
import type { Comparison, MissingTreatment } from '../../metrics/plan-alarm.ts'
import { dimensionMap } from './dimensions.ts'
import { invalidValue, missingParameter, validationError } from './errors.ts'
import { metricQueries } from './metric-queries.ts'
import { checkName, checkNamespace, checkUnit } from './metric-names.ts'

const comparisons: readonly Comparison[] = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
]
const treatments: readonly MissingTreatment[] = ['breaching', 'notBreaching', 'ignore', 'missing']
const actionsMax = 5
const weekSeconds = 7 * 86_400

/** The settings of PutMetricAlarm, checked. */
export function metricAlarmSettings(
  scope: Scope,
  input: PutMetricAlarmInput,
  actions: AlarmActions,
): MetricAlarmSettings {
  const comparison = comparisons.find((one) => one === input.ComparisonOperator)
  if (input.ComparisonOperator === undefined) throw missingParameter('ComparisonOperator')
  if (comparison === undefined) {
    throw invalidValue(
      `The value ${input.ComparisonOperator} for parameter ComparisonOperator is not supported here: anomaly detection is not built.`,
    )
  }
  if (input.Threshold === undefined) throw missingParameter('Threshold')
  if (!Number.isFinite(input.Threshold)) throw validationError('Threshold must be a number.')
  const evaluationPeriods = checkPositive(input.EvaluationPeriods, 'EvaluationPeriods')
  const { DatapointsToAlarm } = input
  if (DatapointsToAlarm !== undefined) {
    checkPositive(DatapointsToAlarm, 'DatapointsToAlarm')
    if (DatapointsToAlarm > evaluationPeriods) {
      throw validationError('DatapointsToAlarm must be less than or equal to EvaluationPeriods.')
    }
  }
  const measure = measureOf(input)
  checkWindow(measure, evaluationPeriods)
  return {
    ...sharedSettings(scope, input, actions),
    type: 'MetricAlarm',
    measure,
    evaluationPeriods,
    ...(DatapointsToAlarm === undefined ? {} : { datapointsToAlarm: DatapointsToAlarm }),
    threshold: input.Threshold,
    comparison,
    missing: treatmentOf(input.TreatMissingData),
    isMissingGiven: input.TreatMissingData !== undefined,
    ...lowSamples(input),
  }
}

function treatmentOf(given: string | undefined): MissingTreatment {
  const treatment = treatments.find((one) => one === (given ?? 'missing'))
  if (treatment === undefined) {
    throw validationError(`Invalid value ${given} for TreatMissingData.`)
  }
  return treatment
}

function lowSamples(input: PutMetricAlarmInput): { ignoresLowSampleCount?: boolean } {
  const { EvaluateLowSampleCountPercentile: given } = input
  if (given === undefined) return {}
  if (given !== 'evaluate' && given !== 'ignore') {
    throw validationError(`Option ${given} is not supported for EvaluateLowSampleCountPercentile.`)
  }
  return { ignoresLowSampleCount: given === 'ignore' }
}

function measureOf(input: PutMetricAlarmInput): Measure {
  if (input.Metrics !== undefined && input.Metrics.length > 0) return mathMeasure(input)
  const { Statistic, ExtendedStatistic, Unit } = input
  if (Statistic !== undefined && ExtendedStatistic !== undefined) {
    throw validationError('Statistic and ExtendedStatistic cannot be used together.')
  }
  const statistic = Statistic ?? ExtendedStatistic
  if (statistic === undefined) throw missingParameter('Statistic')
  const isPlain = plainStatistics.some((name) => name === statistic)
  if (isPlain !== (Statistic !== undefined) || parseStatistic(statistic) === undefined) {
    const path = Statistic === undefined ? 'ExtendedStatistic' : 'Statistic'
    throw invalidValue(`The value ${statistic} for parameter ${path} is not supported here.`)
  }
  const namespace = checkNamespace(input.Namespace)
  return {
    kind: 'metric',
    namespace,
    name: checkName(input.MetricName, 'MetricName'),
    dimensions: Object.entries(dimensionMap(input.Dimensions, 'Dimensions')).map(
      ([Name, Value]) => ({ Name, Value }),
    ),
    statistic,
    periodSeconds: alarmPeriod(input.Period, 'Period'),
    ...(Unit === undefined ? {} : { unit: checkUnit(Unit, 'Unit') }),
  }
}

function mathMeasure(input: PutMetricAlarmInput): Measure {
  const { MetricName, Namespace, Statistic, ExtendedStatistic, Period, Dimensions, Unit } = input
  const plain = { MetricName, Namespace, Statistic, ExtendedStatistic, Period, Dimensions, Unit }
  for (const [member, value] of Object.entries(plain)) {
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      throw validationError(`${member} must not be set when Metrics is set.`)
    }
  }
  const queries = metricQueries(input.Metrics ?? [], 'Metrics', alarmPeriod)
  if (queries.filter((query) => query.returnsData).length !== 1) {
    throw validationError('Exactly one element of the metrics list should return data.')
  }
  if (!queries.some((query) => query.stat !== undefined)) {
    throw validationError('At least one element of the metrics list must have MetricStat.')
  }
  return { kind: 'math', queries }
}

/** 10, 20, 30 or a multiple of 60 seconds. */
function alarmPeriod(period: number | undefined, path: string): number {
  if (period === undefined) throw missingParameter(path)
  const isValid = [10, 20, 30].includes(period) || (period >= 60 && period % 60 === 0)
  if (!isValid) throw validationError(`${path} must be 10, 20, 30 or a multiple of 60`)
  return period
}

function checkWindow(measure: Measure, evaluationPeriods: number): void {
  const periodSeconds =
    measure.kind === 'metric'
      ? measure.periodSeconds
      : Math.max(...measure.queries.map(({ stat }) => stat?.periodSeconds ?? 0))
  const most = periodSeconds >= 3600 ? weekSeconds : 86_400
  if (periodSeconds * evaluationPeriods <= most) return
  throw validationError(
    `Metrics cannot be checked across more than ${most === 86_400 ? 'a day' : 'seven days'} (EvaluationPeriods * Period must be <= ${most}).`,
  )
}

function checkPositive(value: number | undefined, path: string): number {
  if (value === undefined) throw missingParameter(path)
  if (!Number.isInteger(value) || value < 1) {
    throw validationError(`${path} must be greater than 0.`)
  }
  return value
}

/** The settings of PutCompositeAlarm, checked as far as they stand alone. */
export function compositeAlarmSettings(
  scope: Scope,
  input: PutCompositeAlarmInput,
  actions: AlarmActions,
): CompositeAlarmSettings {
  const rule = input.AlarmRule
  if (!rule) throw missingParameter('AlarmRule')
  if (rule.length > 10_240)
    throw validationError('AlarmRule must not be longer than 10240 characters')
  const reading = parseAlarmRule(rule)
  if (!reading.ok) throw validationError(`Error in AlarmRule: ${reading.reason}`)
  return { ...sharedSettings(scope, input, actions), type: 'CompositeAlarm', rule }
}

function sharedSettings(
  scope: Scope,
  input: PutMetricAlarmInput | PutCompositeAlarmInput,
  actions: AlarmActions,
) {
  const name = checkName(input.AlarmName, 'AlarmName')
  const checked = (arns: readonly string[] | undefined, path: string): readonly string[] => {
    const list = arns ?? []
    if (list.length > actionsMax) {
      throw invalidValue(`The collection ${path} must not have a size greater than ${actionsMax}.`)
    }
    for (const arn of list) {
      const refusal = actions.refusal(scope, arn)
      if (refusal !== undefined) throw validationError(`Invalid ${path} value ${arn}: ${refusal}`)
    }
    return list
  }
  return {
    name,
    ...(input.AlarmDescription === undefined ? {} : { description: input.AlarmDescription }),
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: checked(input.OKActions, 'OKActions'),
    alarmActions: checked(input.AlarmActions, 'AlarmActions'),
    insufficientDataActions: checked(input.InsufficientDataActions, 'InsufficientDataActions'),
  }
}

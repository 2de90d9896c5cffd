import type {
  CompositeAlarm as CompositeAlarmShape,
  MetricAlarm as MetricAlarmShape,
  StandardUnit,
  Statistic,
} from '@aws-sdk/client-cloudwatch'
import type { Alarm, CompositeAlarm, MetricAlarm } from '../../metrics/alarm.ts'
import { metricQueryShape } from './metric-queries.ts'
import { plainStatistics } from '../../metrics/domain/statistic.ts'

export function metricAlarmShape(alarm: MetricAlarm): MetricAlarmShape {
  return {
    ...sharedShape(alarm),
    ...measureShape(alarm),
    EvaluationPeriods: alarm.evaluationPeriods,
    ...(alarm.datapointsToAlarm === undefined
      ? {}
      : { DatapointsToAlarm: alarm.datapointsToAlarm }),
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    ...(alarm.isMissingGiven ? { TreatMissingData: alarm.missing } : {}),
    ...(alarm.ignoresLowSampleCount === undefined
      ? {}
      : { EvaluateLowSampleCountPercentile: alarm.ignoresLowSampleCount ? 'ignore' : 'evaluate' }),
  }
}

function measureShape({ measure }: MetricAlarm): MetricAlarmShape {
  if (measure.kind === 'math') return { Metrics: measure.queries.map(metricQueryShape) }
  const isPlain = plainStatistics.some((name) => name === measure.statistic)
  return {
    MetricName: measure.name,
    Namespace: measure.namespace,
    Dimensions: [...measure.dimensions],
    Period: measure.periodSeconds,
    ...(isPlain
      ? { Statistic: measure.statistic as Statistic }
      : { ExtendedStatistic: measure.statistic }),
    ...(measure.unit === undefined ? {} : { Unit: measure.unit as StandardUnit }),
  }
}

export function compositeAlarmShape(alarm: CompositeAlarm): CompositeAlarmShape {
  return { ...sharedShape(alarm), AlarmRule: alarm.rule }
}

function sharedShape(alarm: Alarm) {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ...(alarm.description === undefined ? {} : { AlarmDescription: alarm.description }),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: [...alarm.okActions],
    AlarmActions: [...alarm.alarmActions],
    InsufficientDataActions: [...alarm.insufficientDataActions],
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    ...(alarm.stateReasonData === undefined ? {} : { StateReasonData: alarm.stateReasonData }),
    StateUpdatedTimestamp: new Date(alarm.stateUpdatedAt),
    StateTransitionedTimestamp: new Date(alarm.stateTransitionedAt),
  }
}

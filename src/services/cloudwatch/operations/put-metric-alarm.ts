import { metricAlarmSettings } from '../alarm-settings.ts'
import { acceptedQuery } from '../metric-queries.ts'
import { checkTags } from '../alarm-tags.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const putMetricAlarm: Operation<CloudWatchOperations, 'PutMetricAlarm', CloudWatchDeps> = {
  accepts: {
    AlarmName: true,
    AlarmDescription: true,
    ActionsEnabled: true,
    OKActions: true,
    AlarmActions: true,
    InsufficientDataActions: true,
    MetricName: true,
    Namespace: true,
    Statistic: true,
    ExtendedStatistic: true,
    Dimensions: { Name: true, Value: true },
    Period: true,
    Unit: true,
    EvaluationPeriods: true,
    DatapointsToAlarm: true,
    Threshold: true,
    ComparisonOperator: true,
    TreatMissingData: true,
    EvaluateLowSampleCountPercentile: true,
    Metrics: acceptedQuery,
    Tags: { Key: true, Value: true },
  },
  async handle(input, request, { metrics }) {
    const settings = metricAlarmSettings(request.scope, input, metrics.actions)
    await metrics.alarms.put(request.scope, settings, checkTags(input.Tags))
    return {}
  },
}

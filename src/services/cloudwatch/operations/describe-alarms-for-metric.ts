import { dimensionsOf } from '../../../metrics/alarm-index.ts'
import { dimensionsText } from '../../../metrics/point-store.ts'
import { metricAlarmShape } from '../alarm-shape.ts'
import { dimensionMap } from '../dimensions.ts'
import { checkName, checkNamespace } from '../metric-names.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const describeAlarmsForMetric: Operation<
  CloudWatchOperations,
  'DescribeAlarmsForMetric',
  CloudWatchDeps
> = {
  accepts: {
    MetricName: true,
    Namespace: true,
    Statistic: true,
    ExtendedStatistic: true,
    Dimensions: { Name: true, Value: true },
    Period: true,
    Unit: true,
  },
  async handle(input, request, { metrics }) {
    const namespace = checkNamespace(input.Namespace)
    const name = checkName(input.MetricName, 'MetricName')
    const dimensions = dimensionsText(dimensionMap(input.Dimensions, 'Dimensions'))
    const statistic = input.Statistic ?? input.ExtendedStatistic
    const found = (await metrics.alarms.list(request.scope)).filter((alarm) => {
      if (alarm.type !== 'MetricAlarm' || alarm.measure.kind !== 'metric') return false
      const { measure } = alarm
      return (
        measure.namespace === namespace &&
        measure.name === name &&
        dimensionsText(dimensionsOf(measure.dimensions)) === dimensions &&
        (statistic === undefined || measure.statistic === statistic) &&
        (input.Period === undefined || measure.periodSeconds === input.Period) &&
        (input.Unit === undefined || measure.unit === input.Unit)
      )
    })
    return {
      MetricAlarms: found.flatMap((alarm) =>
        alarm.type === 'MetricAlarm' ? [metricAlarmShape(alarm)] : [],
      ),
    }
  },
}

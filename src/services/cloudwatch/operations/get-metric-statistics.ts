import type { Datapoint, StandardUnit } from '@aws-sdk/client-cloudwatch'
import type { Period } from '../../../metrics/domain/periods.ts'
import { parseStatistic, statisticOf, type Statistic } from '../../../metrics/domain/statistic.ts'
import type { Operation } from '../../../wire/service.ts'
import { dimensionMap } from '../dimensions.ts'
import { invalidCombination, invalidValue, missingParameter } from '../errors.ts'
import { checkName, checkNamespace, checkUnit } from '../metric-names.ts'
import { checkPeriod, rangeOf } from '../query-time.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

const datapointsMax = 1440

export const getMetricStatistics: Operation<
  CloudWatchOperations,
  'GetMetricStatistics',
  CloudWatchDeps
> = {
  accepts: {
    Namespace: true,
    MetricName: true,
    Dimensions: { Name: true, Value: true },
    StartTime: true,
    EndTime: true,
    Period: true,
    Statistics: true,
    ExtendedStatistics: true,
    Unit: true,
  },
  async handle(input, request, { metrics }) {
    const periodSeconds = checkPeriod(input.Period, 'Period')
    const { from, until } = rangeOf(input, { periodSeconds, now: metrics.context.clock.now() })
    const asked = Math.ceil((until - from) / (periodSeconds * 1000))
    if (asked > datapointsMax) {
      throw invalidCombination(
        `You have requested up to ${asked} datapoints, which exceeds the limit of ${datapointsMax}. ` +
          'You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
      )
    }
    const statistics = statisticsOf(input)
    const periods = await metrics.periods({
      series: {
        scope: request.scope,
        namespace: checkNamespace(input.Namespace),
        name: checkName(input.MetricName, 'MetricName'),
        dimensions: dimensionMap(input.Dimensions, 'Dimensions'),
      },
      from,
      until,
      periodSeconds,
      unit: input.Unit === undefined ? undefined : checkUnit(input.Unit, 'Unit'),
      withSamples: statistics.some((statistic) => statistic.kind === 'percentile'),
    })
    return {
      Label: input.MetricName,
      Datapoints: periods.map((period) => datapointOf(period, statistics)),
    }
  },
}

function statisticsOf(input: {
  Statistics?: readonly string[] | undefined
  ExtendedStatistics?: readonly string[] | undefined
}): readonly Statistic[] {
  const { Statistics = [], ExtendedStatistics = [] } = input
  if (Statistics.length + ExtendedStatistics.length === 0) {
    throw missingParameter('Statistics')
  }
  const read = (name: string, kind: Statistic['kind'], path: string): Statistic => {
    const statistic = parseStatistic(name)
    if (statistic?.kind === kind) return statistic
    throw invalidValue(`The value ${name} for parameter ${path} is invalid or not supported here.`)
  }
  return [
    ...Statistics.map((name) => read(name, 'plain', 'Statistics')),
    ...ExtendedStatistics.map((name) => read(name, 'percentile', 'ExtendedStatistics')),
  ]
}

function datapointOf(period: Period, statistics: readonly Statistic[]): Datapoint {
  const extended: Record<string, number> = {}
  const datapoint: Datapoint = {
    Timestamp: new Date(period.at),
    Unit: period.unit as StandardUnit,
  }
  for (const statistic of statistics) {
    const value = statisticOf(period.tally, statistic)
    if (value === undefined) continue
    if (statistic.kind === 'plain') datapoint[statistic.name] = value
    else extended[statistic.name] = value
  }
  return Object.keys(extended).length === 0
    ? datapoint
    : { ...datapoint, ExtendedStatistics: extended }
}

import type { Scope } from '../kernel/scope.ts'
import type { MetricStat } from './domain/metric-query.ts'
import { periodsOf } from './domain/periods.ts'
import { parseStatistic, statisticOf } from './domain/statistic.ts'
import type { PointStore } from './point-store.ts'

export interface StatisticValue {
  /** The start of its period. */
  readonly at: number
  readonly value: number
  readonly count: number
  readonly minimum: number
}

/**
 * One statistic of one series, ascending in time; periods without data are left out. Values of different units are merged
 * unless one is asked for.
 */
export async function readStatistic(
  points: PointStore,
  scope: Scope,
  stat: MetricStat,
  range: { readonly from: number; readonly until: number },
): Promise<readonly StatisticValue[]> {
  const statistic = parseStatistic(stat.statistic)
  if (statistic === undefined) throw new Error(`no statistic ${stat.statistic}`)
  const { namespace, name, dimensions, periodSeconds, unit } = stat
  const found = await points.read({
    series: { scope, namespace, name, dimensions },
    ...range,
    periodSeconds,
    unit,
    withSamples: statistic.kind === 'percentile',
  })
  const merged = found.map((point) => ({ ...point, unit: '' }))
  return periodsOf(merged, range.from, periodSeconds).flatMap(({ at, tally }) => {
    const value = statisticOf(tally, statistic)
    const { count, minimum } = tally
    return value === undefined ? [] : [{ at, value, count, minimum }]
  })
}

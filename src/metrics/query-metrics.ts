import type { Scope } from '../kernel/scope.ts'
import { evaluateQueries } from './domain/math/evaluate-queries.ts'
import type { TimeSeries } from './domain/math/value.ts'
import type { MetricQuery } from './domain/metric-query.ts'
import type { PointStore } from './point-store.ts'
import { readStatistic } from './read-statistic.ts'

/** Reads what the queries name and computes those that return data, by id. Throws `ExpressionError`. */
export async function queryMetrics(
  points: PointStore,
  scope: Scope,
  queries: readonly MetricQuery[],
  range: { readonly from: number; readonly until: number },
): Promise<ReadonlyMap<string, readonly TimeSeries[]>> {
  const read = queries.map(async ({ id, stat, label }): Promise<[string, TimeSeries][]> => {
    if (stat === undefined) return []
    const values = await readStatistic(points, scope, stat, range)
    const series = {
      label: label ?? stat.name,
      periodSeconds: stat.periodSeconds,
      points: new Map(values.map(({ at, value }) => [at, value])),
    }
    return [[id, series]]
  })
  const series = new Map((await Promise.all(read)).flat())
  return evaluateQueries(queries, series, range)
}

/** The period that a set of queries goes by: the longest of those that are read. */
export function periodOf(queries: readonly MetricQuery[]): number {
  return Math.max(0, ...queries.map(({ stat }) => stat?.periodSeconds ?? 0)) || 60
}

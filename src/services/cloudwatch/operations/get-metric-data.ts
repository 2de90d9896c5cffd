import type { MetricDataResult } from '@aws-sdk/client-cloudwatch'
import { pageOf } from '../../../kernel/page.ts'
import { ExpressionError } from '../../../metrics/domain/math/read-expression.ts'
import type { TimeSeries } from '../../../metrics/domain/math/value.ts'
import type { Operation } from '../../../wire/service.ts'
import { invalidNextToken, invalidValue, missingParameter, validationError } from '../errors.ts'
import { acceptedQuery, metricQueries } from '../metric-queries.ts'
import { checkPeriod, rangeOf } from '../query-time.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

const queriesMax = 500
const datapointsMax = 100_800

export const getMetricData: Operation<CloudWatchOperations, 'GetMetricData', CloudWatchDeps> = {
  accepts: {
    MetricDataQueries: acceptedQuery,
    StartTime: true,
    EndTime: true,
    NextToken: true,
    ScanBy: true,
    MaxDatapoints: true,
  },
  async handle(input, request, { metrics }) {
    const list = input.MetricDataQueries ?? []
    if (list.length === 0) throw missingParameter('MetricDataQueries')
    if (list.length > queriesMax) {
      throw invalidValue(
        `The collection MetricDataQueries must not have a size greater than ${queriesMax}.`,
      )
    }
    const queries = metricQueries(list, 'MetricDataQueries', checkPeriod)
    if (!queries.some((query) => query.returnsData)) {
      throw validationError('At least one query must have ReturnData set to true')
    }
    const shortest = Math.min(...queries.map(({ stat }) => stat?.periodSeconds ?? 60))
    const range = rangeOf(input, { periodSeconds: shortest, now: metrics.context.clock.now() })
    const series = await computed(() => metrics.query(request.scope, queries, range))
    const itemsMax = Math.min(input.MaxDatapoints ?? datapointsMax, datapointsMax)
    if (itemsMax < 1) throw invalidValue('The parameter MaxDatapoints must be greater than 0.')
    return paged(
      [...series].flatMap(([id, all]) => all.map((one) => ({ id, series: one }))),
      { isAscending: input.ScanBy === 'TimestampAscending', itemsMax, nextToken: input.NextToken },
    )
  },
}

async function computed<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof ExpressionError) throw validationError(thrown.message)
    throw thrown
  }
}

interface Paging {
  readonly isAscending: boolean
  readonly itemsMax: number
  readonly nextToken: string | undefined
}

/** Cuts the datapoints of all results, one after the other, into pages. */
function paged(
  all: readonly { readonly id: string; readonly series: TimeSeries }[],
  { isAscending, itemsMax, nextToken }: Paging,
): { MetricDataResults: MetricDataResult[]; Messages: []; NextToken?: string } {
  const results = all.map(({ id, series }) => ({
    Id: id,
    Label: series.label,
    Timestamps: [] as Date[],
    Values: [] as number[],
    StatusCode: 'Complete' as MetricDataResult['StatusCode'],
  }))
  const points = all.flatMap(({ series }, result) => {
    const sorted = [...series.points].sort(([a], [b]) => (isAscending ? a - b : b - a))
    return sorted.map(([at, value]) => ({ result, at, value }))
  })
  const keyed = points.map((point, index) => ({ ...point, key: String(index).padStart(12, '0') }))
  const found = pageOf(keyed, ({ key }) => key, { nextToken, itemsMax })
  if (!found) throw invalidNextToken()
  for (const { result, at, value } of found.items) {
    results[result]?.Timestamps.push(new Date(at))
    results[result]?.Values.push(value)
  }
  const last = found.items.at(-1)
  if (found.nextToken === undefined || last === undefined) {
    return { MetricDataResults: results, Messages: [] }
  }
  for (const result of results.slice(last.result)) result.StatusCode = 'PartialData'
  return { MetricDataResults: results, Messages: [], NextToken: found.nextToken }
}

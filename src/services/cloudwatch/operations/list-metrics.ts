import { dimensionsText } from '../../../metrics/point-store.ts'
import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { dimensionList } from '../dimensions.ts'
import { invalidValue, missingParameter } from '../errors.ts'
import { nextToken, page } from '../paging.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

const activeMilliseconds = 3 * 3_600_000
const itemsMax = 500

export const listMetrics: Operation<CloudWatchOperations, 'ListMetrics', CloudWatchDeps> = {
  accepts: {
    Namespace: true,
    MetricName: true,
    Dimensions: { Name: true, Value: true },
    NextToken: true,
    RecentlyActive: true,
    IncludeLinkedAccounts: is(false),
  },
  async handle(input, request, { metrics }) {
    const { Namespace, MetricName, RecentlyActive } = input
    if (RecentlyActive !== undefined && RecentlyActive !== 'PT3H') {
      throw invalidValue(
        `The value ${String(RecentlyActive)} for parameter RecentlyActive is invalid.`,
      )
    }
    const dimensions = (input.Dimensions ?? []).map(({ Name, Value }, index) => {
      if (!Name) throw missingParameter(`Dimensions.member.${index + 1}.Name`)
      return { name: Name, ...(Value === undefined ? {} : { value: Value }) }
    })
    const activeSince = metrics.context.clock.now() - activeMilliseconds
    const series = await metrics.series(request.scope, {
      ...(Namespace === undefined ? {} : { namespace: Namespace }),
      ...(MetricName === undefined ? {} : { name: MetricName }),
      ...(RecentlyActive === undefined ? {} : { activeSince }),
      dimensions,
    })
    const keyed = series
      .map((one) => ({
        one,
        key: `${one.namespace}\0${one.name}\0${dimensionsText(one.dimensions)}`,
      }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    const found = page(keyed, ({ key }) => key, { NextToken: input.NextToken, itemsMax })
    return {
      Metrics: found.items.map(({ one }) => ({
        Namespace: one.namespace,
        MetricName: one.name,
        Dimensions: dimensionList(one.dimensions),
      })),
      ...nextToken(found),
    }
  },
}

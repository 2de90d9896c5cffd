import { checkGroupName } from '../../../logs/group-catalogue.ts'
import type { Operation } from '../../../wire/service.ts'
import { invalid } from '../errors.ts'
import { filterView } from '../metric-filter-view.ts'
import { pageWith } from '../paging.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const describeMetricFilters: Operation<
  LogsOperations,
  'DescribeMetricFilters',
  LogsServiceDeps
> = {
  accepts: {
    logGroupName: true,
    filterNamePrefix: true,
    metricName: true,
    metricNamespace: true,
    nextToken: true,
    limit: true,
  },
  async handle(input, { scope }, { logs }) {
    const { logGroupName, filterNamePrefix: prefix = '', metricName, metricNamespace } = input
    if ((metricName === undefined) !== (metricNamespace === undefined)) {
      throw invalid('metricName and metricNamespace must be given together.')
    }
    if (logGroupName !== undefined) checkGroupName(logGroupName)
    const group =
      logGroupName === undefined ? undefined : await logs.groups.require(scope, logGroupName)
    const all = group ? await logs.filters.list(scope, group) : await logs.filters.listAll(scope)
    const found = all
      .filter(({ name }) => name.startsWith(prefix))
      .filter(
        ({ transformations }) =>
          metricName === undefined ||
          transformations.some(
            (one) => one.metricName === metricName && one.metricNamespace === metricNamespace,
          ),
      )
    const keyOf = ({ groupName, name }: (typeof found)[number]): string => `${groupName}:${name}`
    const sorted = found.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    const { items, next } = pageWith(sorted, keyOf, { ...input, most: 50 })
    return { metricFilters: items.map(filterView), ...next }
  },
}

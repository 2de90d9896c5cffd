import { checkGroupName } from '../../../logs/group-catalogue.ts'
import { empty, is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { acceptedTransformation, transformationOf } from '../metric-filter-view.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const putMetricFilter: Operation<LogsOperations, 'PutMetricFilter', LogsServiceDeps> = {
  accepts: {
    logGroupName: true,
    filterName: true,
    filterPattern: true,
    metricTransformations: acceptedTransformation,
    applyOnTransformedLogs: is(false),
    fieldSelectionCriteria: empty,
    emitSystemFieldDimensions: empty,
  },
  async handle(input, { scope }, { logs }) {
    const { logGroupName: groupName = '', filterName: name = '' } = input
    checkGroupName(groupName)
    await logs.filters.put(scope, groupName, {
      name,
      pattern: input.filterPattern ?? '',
      transformations: (input.metricTransformations ?? []).map(transformationOf),
    })
    return {}
  },
}

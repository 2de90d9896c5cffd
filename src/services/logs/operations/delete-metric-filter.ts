import { checkGroupName } from '../../../logs/group-catalogue.ts'
import type { Operation } from '../../../wire/service.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const deleteMetricFilter: Operation<LogsOperations, 'DeleteMetricFilter', LogsServiceDeps> =
  {
    accepts: { logGroupName: true, filterName: true },
    async handle({ logGroupName: groupName = '', filterName: name = '' }, { scope }, { logs }) {
      checkGroupName(groupName)
      await logs.filters.remove(scope, groupName, name)
      return {}
    },
  }

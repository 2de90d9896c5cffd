import { checkGroupName } from '../../../logs/group-catalogue.ts'
import type { Operation } from '../../../wire/service.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const deleteLogGroup: Operation<LogsOperations, 'DeleteLogGroup', LogsServiceDeps> = {
  accepts: { logGroupName: true },
  async handle({ logGroupName: name = '' }, { scope }, { logs }) {
    checkGroupName(name)
    await logs.groups.remove(scope, name)
    return {}
  },
}

import { checkGroupName, checkStreamName } from '../../../logs/group-catalogue.ts'
import type { Operation } from '../../../wire/service.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const deleteLogStream: Operation<LogsOperations, 'DeleteLogStream', LogsServiceDeps> = {
  accepts: { logGroupName: true, logStreamName: true },
  async handle({ logGroupName = '', logStreamName = '' }, { scope }, { logs }) {
    checkGroupName(logGroupName)
    checkStreamName(logStreamName)
    await logs.groups.removeStream(scope, logGroupName, logStreamName)
    return {}
  },
}

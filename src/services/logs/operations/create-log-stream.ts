import { checkGroupName, checkStreamName } from '../../../logs/group-catalogue.ts'
import type { Operation } from '../../../wire/service.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const createLogStream: Operation<LogsOperations, 'CreateLogStream', LogsServiceDeps> = {
  accepts: { logGroupName: true, logStreamName: true },
  async handle({ logGroupName = '', logStreamName: name = '' }, { scope }, { logs }) {
    checkGroupName(logGroupName)
    checkStreamName(name)
    await logs.groups.createStream(scope, logGroupName, { name })
    return {}
  },
}

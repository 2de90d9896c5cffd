import { checkGroupName } from '../../../logs/group-catalogue.ts'
import type { Operation } from '../../../wire/service.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const listTagsLogGroup: Operation<LogsOperations, 'ListTagsLogGroup', LogsServiceDeps> = {
  accepts: { logGroupName: true },
  async handle({ logGroupName: name = '' }, { scope }, { logs }) {
    checkGroupName(name)
    const { tags } = await logs.groups.require(scope, name)
    return { tags: { ...tags } }
  },
}

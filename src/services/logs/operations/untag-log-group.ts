import { checkGroupName } from '../../../logs/group-catalogue.ts'
import type { Operation } from '../../../wire/service.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'
import { withoutKeys } from '../tags.ts'

export const untagLogGroup: Operation<LogsOperations, 'UntagLogGroup', LogsServiceDeps> = {
  accepts: { logGroupName: true, tags: true },
  async handle({ logGroupName: name = '', tags: keys = [] }, { scope }, { logs }) {
    checkGroupName(name)
    await logs.groups.change(scope, name, (group) => ({
      ...group,
      tags: withoutKeys(group.tags, keys),
    }))
    return {}
  },
}

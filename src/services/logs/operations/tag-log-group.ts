import { checkGroupName } from '../../../logs/group-catalogue.ts'
import type { Operation } from '../../../wire/service.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'
import { checkedTags } from '../tags.ts'

export const tagLogGroup: Operation<LogsOperations, 'TagLogGroup', LogsServiceDeps> = {
  accepts: { logGroupName: true, tags: true },
  async handle({ logGroupName: name = '', tags }, { scope }, { logs }) {
    checkGroupName(name)
    const added = checkedTags(tags)
    await logs.groups.change(scope, name, (group) => ({
      ...group,
      tags: { ...group.tags, ...added },
    }))
    return {}
  },
}

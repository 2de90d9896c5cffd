import type { Operation } from '../../../wire/service.ts'
import { taggedGroup } from '../identify.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'
import { checkedTags } from '../tags.ts'

export const tagResource: Operation<LogsOperations, 'TagResource', LogsServiceDeps> = {
  accepts: { resourceArn: true, tags: true },
  async handle({ resourceArn, tags }, { scope }, deps) {
    const added = checkedTags(tags)
    const { name } = await taggedGroup(deps, scope, resourceArn)
    await deps.logs.groups.change(scope, name, (group) => ({
      ...group,
      tags: { ...group.tags, ...added },
    }))
    return {}
  },
}

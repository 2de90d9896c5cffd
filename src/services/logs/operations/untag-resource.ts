import type { Operation } from '../../../wire/service.ts'
import { taggedGroup } from '../identify.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'
import { withoutKeys } from '../tags.ts'

export const untagResource: Operation<LogsOperations, 'UntagResource', LogsServiceDeps> = {
  accepts: { resourceArn: true, tagKeys: true },
  async handle({ resourceArn, tagKeys = [] }, { scope }, deps) {
    const { name } = await taggedGroup(deps, scope, resourceArn)
    await deps.logs.groups.change(scope, name, (group) => ({
      ...group,
      tags: withoutKeys(group.tags, tagKeys),
    }))
    return {}
  },
}

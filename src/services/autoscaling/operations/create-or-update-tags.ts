import type { Operation } from '../../../wire/service.ts'
import { is } from '../../../wire/accept.ts'
import { checkTagKeys, checkTags } from '../group-specification.ts'
import { changeTags, checkTagCount } from '../change-tags.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const createOrUpdateTags: Operation<
  AutoScalingOperations,
  'CreateOrUpdateTags',
  AutoScalingDeps
> = {
  accepts: {
    Tags: {
      Key: true,
      Value: true,
      PropagateAtLaunch: true,
      ResourceId: true,
      ResourceType: is('auto-scaling-group'),
    },
  },
  async handle(input, request, deps) {
    const given = input.Tags ?? []
    const checked = checkTagKeys(checkTags(given))
    const names = given.map(({ ResourceId }) => ResourceId)
    await changeTags(deps, request.scope, names, (groupName, tags) => {
      const changed = checked.filter((_tag, index) => names[index] === groupName)
      const byKey = new Map([...tags, ...changed].map((tag) => [tag.Key, tag]))
      return checkTagCount([...byKey.values()])
    })
    return {}
  },
}

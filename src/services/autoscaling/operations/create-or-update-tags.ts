import type { Operation } from '../../../wire/service.ts'
import { is } from '../../../wire/accept.ts'
import { checkTagKeys, checkTags } from '../group-specification.ts'
import { changeGroup } from '../update-group.ts'
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
    for (const tag of input.Tags ?? []) {
      const checked = checkTagKeys(checkTags([tag]))
      await changeGroup(deps, request.scope, tag.ResourceId, (group) => {
        const others = group.tags.filter((each) => each.Key !== tag.Key)
        return { ...group, tags: [...others, ...checked] }
      })
    }
    return {}
  },
}

import type { Operation } from '../../../wire/service.ts'
import { is } from '../../../wire/accept.ts'
import { changeGroup } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const deleteTags: Operation<AutoScalingOperations, 'DeleteTags', AutoScalingDeps> = {
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
      await changeGroup(deps, request.scope, tag.ResourceId, (group) => ({
        ...group,
        tags: group.tags.filter((each) => each.Key !== tag.Key),
      }))
    }
    return {}
  },
}

import type { Operation } from '../../../wire/service.ts'
import { is } from '../../../wire/accept.ts'
import { changeTags } from '../change-tags.ts'
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
    const given = input.Tags ?? []
    const names = given.map(({ ResourceId }) => ResourceId)
    await changeTags(deps, request.scope, names, (groupName, tags) => {
      const leaving = given.filter(({ ResourceId }) => ResourceId === groupName)
      return tags.filter(({ Key }) => !leaving.some((tag) => tag.Key === Key))
    })
    return {}
  },
}

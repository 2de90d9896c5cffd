import type { Operation } from '../../../wire/service.ts'
import { activityInProgress, groupInUse, groupNotFound } from '../errors.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const deleteAutoScalingGroup: Operation<
  AutoScalingOperations,
  'DeleteAutoScalingGroup',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, ForceDelete: true },
  async handle(input, request, deps) {
    const name = input.AutoScalingGroupName ?? ''
    const answer = await deps.scale.remove(request.scope, name, input.ForceDelete ?? false)
    switch (answer) {
      case 'unknown':
        throw groupNotFound(name)
      case 'has-instances':
        throw groupInUse()
      case 'is-scaling':
        throw activityInProgress(
          'You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.',
        )
      case 'removed':
        return {}
    }
  },
}

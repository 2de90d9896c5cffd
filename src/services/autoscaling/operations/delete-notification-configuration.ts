import type { Operation } from '../../../wire/service.ts'
import { groupNamed } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const deleteNotificationConfiguration: Operation<
  AutoScalingOperations,
  'DeleteNotificationConfiguration',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, TopicARN: true },
  async handle(input, request, deps) {
    const group = await groupNamed(deps, request.scope, input.AutoScalingGroupName)
    await deps.scale.removeNotification(request.scope, group.name, input.TopicARN ?? '')
    return {}
  },
}

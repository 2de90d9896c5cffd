import type { Operation } from '../../../wire/service.ts'
import { checkNotification, checkTopicCount } from '../notification-target.ts'
import { groupNamed } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const putNotificationConfiguration: Operation<
  AutoScalingOperations,
  'PutNotificationConfiguration',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, TopicARN: true, NotificationTypes: true },
  async handle(input, request, deps) {
    const group = await groupNamed(deps, request.scope, input.AutoScalingGroupName)
    const { TopicARN: topicArn = '', NotificationTypes: types = [] } = input
    await checkNotification(deps, request.scope, { topicArn, types })
    const held = await deps.scale.notifications(request.scope, group.name)
    checkTopicCount([...held.map((one) => one.topicArn), topicArn])
    await deps.scale.putNotification(request.scope, group, { topicArn, types })
    return {}
  },
}

import type { Operation } from '../../../wire/service.ts'
import { byName, nextToken, page } from '../paging.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeNotificationConfigurations: Operation<
  AutoScalingOperations,
  'DescribeNotificationConfigurations',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupNames: true, NextToken: true, MaxRecords: true },
  async handle(input, request, deps) {
    const names = input.AutoScalingGroupNames ?? []
    const all = await deps.scale.notifications(request.scope)
    const rows = all
      .filter(({ groupName }) => names.length === 0 || names.includes(groupName))
      .flatMap(({ groupName, topicArn, types }) =>
        types.map((type) => ({
          AutoScalingGroupName: groupName,
          TopicARN: topicArn,
          NotificationType: type,
        })),
      )
    const keyOfRow = (row: (typeof rows)[number]): string => Object.values(row).join(' ')
    const asked = page(rows.toSorted(byName(keyOfRow)), keyOfRow, input)
    return { NotificationConfigurations: [...asked.items], ...nextToken(asked) }
  },
}

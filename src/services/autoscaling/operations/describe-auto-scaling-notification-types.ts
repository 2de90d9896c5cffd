import type { Operation } from '../../../wire/service.ts'
import { noticeTypes } from '../../../scale/notice-message.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeAutoScalingNotificationTypes: Operation<
  AutoScalingOperations,
  'DescribeAutoScalingNotificationTypes',
  AutoScalingDeps
> = {
  accepts: {},
  async handle() {
    return { AutoScalingNotificationTypes: Object.values(noticeTypes) }
  },
}

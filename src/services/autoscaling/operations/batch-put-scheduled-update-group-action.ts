import type { Operation } from '../../../wire/service.ts'
import { AwsError } from '../../../kernel/errors.ts'
import { validationError } from '../errors.ts'
import { checkScheduledAction } from '../schedule-specification.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

const batchMax = 50

export const batchPutScheduledUpdateGroupAction: Operation<
  AutoScalingOperations,
  'BatchPutScheduledUpdateGroupAction',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    ScheduledUpdateGroupActions: {
      ScheduledActionName: true,
      StartTime: true,
      EndTime: true,
      Recurrence: true,
      TimeZone: true,
      MinSize: true,
      MaxSize: true,
      DesiredCapacity: true,
    },
  },
  async handle(input, request, deps) {
    const { scope } = request
    const { name: groupName } = await groupNamed(deps, scope, input.AutoScalingGroupName)
    const given = input.ScheduledUpdateGroupActions ?? []
    if (given.length > batchMax) {
      throw validationError(`At most ${batchMax} scheduled actions can be put at once`)
    }
    const failed: { ScheduledActionName: string; ErrorCode: string; ErrorMessage: string }[] = []
    for (const action of given) {
      const others = await deps.scale.scheduledActions(scope, groupName)
      try {
        const checked = checkScheduledAction(deps, { scope, groupName, others }, action)
        await deps.scale.putScheduledAction(scope, checked)
      } catch (thrown) {
        if (!(thrown instanceof AwsError)) throw thrown
        failed.push({
          ScheduledActionName: action.ScheduledActionName ?? '',
          ErrorCode: thrown.code,
          ErrorMessage: thrown.message,
        })
      }
    }
    return { FailedScheduledUpdateGroupActions: failed }
  },
}

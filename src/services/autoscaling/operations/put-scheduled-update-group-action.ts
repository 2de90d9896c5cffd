import type { Operation } from '../../../wire/service.ts'
import { groupNotFound } from '../errors.ts'
import { checkScheduledAction } from '../schedule-specification.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

export const putScheduledUpdateGroupAction: Operation<
  AutoScalingOperations,
  'PutScheduledUpdateGroupAction',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    ScheduledActionName: true,
    Time: true,
    StartTime: true,
    EndTime: true,
    Recurrence: true,
    TimeZone: true,
    MinSize: true,
    MaxSize: true,
    DesiredCapacity: true,
  },
  async handle(input, request, deps) {
    const { scope } = request
    const { name: groupName } = await groupNamed(deps, scope, input.AutoScalingGroupName)
    const others = await deps.scale.scheduledActions(scope, groupName)
    const action = checkScheduledAction(deps, { scope, groupName, others }, input)
    if (!(await deps.scale.putScheduledAction(scope, action))) throw groupNotFound(groupName)
    return {}
  },
}

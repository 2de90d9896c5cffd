import type { Operation } from '../../../wire/service.ts'
import { scheduledActionNotFound } from '../errors.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

export const deleteScheduledAction: Operation<
  AutoScalingOperations,
  'DeleteScheduledAction',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, ScheduledActionName: true },
  async handle(input, request, deps) {
    const group = await groupNamed(deps, request.scope, input.AutoScalingGroupName)
    const name = input.ScheduledActionName ?? ''
    const isRemoved = await deps.scale.removeScheduledAction(request.scope, group.name, name)
    if (!isRemoved) throw scheduledActionNotFound(name)
    return {}
  },
}

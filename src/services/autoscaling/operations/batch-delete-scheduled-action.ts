import type { Operation } from '../../../wire/service.ts'
import { scheduledActionNotFound } from '../errors.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

export const batchDeleteScheduledAction: Operation<
  AutoScalingOperations,
  'BatchDeleteScheduledAction',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, ScheduledActionNames: true },
  async handle(input, request, deps) {
    const group = await groupNamed(deps, request.scope, input.AutoScalingGroupName)
    const failed: { ScheduledActionName: string; ErrorCode: string; ErrorMessage: string }[] = []
    for (const name of input.ScheduledActionNames ?? []) {
      if (await deps.scale.removeScheduledAction(request.scope, group.name, name)) continue
      const { code, message } = scheduledActionNotFound(name)
      failed.push({ ScheduledActionName: name, ErrorCode: code, ErrorMessage: message })
    }
    return { FailedScheduledActions: failed }
  },
}

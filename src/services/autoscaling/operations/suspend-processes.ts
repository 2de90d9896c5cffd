import type { Operation } from '../../../wire/service.ts'
import { checkProcesses } from '../scaling-processes.ts'
import { changeGroup } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const suspendProcesses: Operation<
  AutoScalingOperations,
  'SuspendProcesses',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, ScalingProcesses: true },
  async handle(input, request, deps) {
    const names = checkProcesses(input.ScalingProcesses)
    await changeGroup(deps, request.scope, input.AutoScalingGroupName, (group) => ({
      ...group,
      suspendedProcesses: [...new Set([...group.suspendedProcesses, ...names])],
    }))
    return {}
  },
}

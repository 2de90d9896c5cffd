import type { Operation } from '../../../wire/service.ts'
import { is } from '../../../wire/accept.ts'
import { noActiveRefresh } from '../errors.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

export const cancelInstanceRefresh: Operation<
  AutoScalingOperations,
  'CancelInstanceRefresh',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, WaitForTransitioningInstances: is(false) },
  async handle(input, request, deps) {
    const group = await groupNamed(deps, request.scope, input.AutoScalingGroupName)
    const refresh = await deps.scale.cancelRefresh(request.scope, group.name)
    if (!refresh) throw noActiveRefresh(group.name)
    return { InstanceRefreshId: refresh.refreshId }
  },
}

import type { Operation } from '../../../wire/service.ts'
import { irreversibleRefresh, noActiveRefresh } from '../errors.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

export const rollbackInstanceRefresh: Operation<
  AutoScalingOperations,
  'RollbackInstanceRefresh',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true },
  async handle(input, request, deps) {
    const group = await groupNamed(deps, request.scope, input.AutoScalingGroupName)
    const answer = await deps.scale.rollBackRefresh(request.scope, group.name)
    if (answer === 'none') throw noActiveRefresh(group.name)
    if (answer === 'no-way-back') throw irreversibleRefresh()
    return { InstanceRefreshId: answer.refreshId }
  },
}

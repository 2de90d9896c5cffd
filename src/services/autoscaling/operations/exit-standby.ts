import type { Operation } from '../../../wire/service.ts'
import { activitiesOfMove, movedBy } from '../moved-instances.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const exitStandby: Operation<AutoScalingOperations, 'ExitStandby', AutoScalingDeps> = {
  accepts: { AutoScalingGroupName: true, InstanceIds: true },
  async handle(input, request, deps) {
    const { scope } = request
    const moved = await movedBy(deps, scope, input)
    const answer = await deps.scale.exitStandby(scope, moved)
    const asked = { ...moved, asking: 'move out of standby' } as const
    return { Activities: await activitiesOfMove(deps, scope, asked, answer) }
  },
}

import type { Operation } from '../../../wire/service.ts'
import { activitiesOfMove, movedBy } from '../moved-instances.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const enterStandby: Operation<AutoScalingOperations, 'EnterStandby', AutoScalingDeps> = {
  accepts: { AutoScalingGroupName: true, InstanceIds: true, ShouldDecrementDesiredCapacity: true },
  async handle(input, request, deps) {
    const { scope } = request
    const moved = await movedBy(deps, scope, input)
    const answer = await deps.scale.enterStandby(scope, {
      ...moved,
      shrink: input.ShouldDecrementDesiredCapacity ?? false,
    })
    const asked = { ...moved, asking: 'place into standby' } as const
    return { Activities: await activitiesOfMove(deps, scope, asked, answer) }
  },
}

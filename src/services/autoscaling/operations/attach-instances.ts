import type { Operation } from '../../../wire/service.ts'
import { activitiesOfMove, movedBy } from '../moved-instances.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const attachInstances: Operation<AutoScalingOperations, 'AttachInstances', AutoScalingDeps> =
  {
    accepts: { AutoScalingGroupName: true, InstanceIds: true },
    async handle(input, request, deps) {
      const { scope } = request
      const moved = await movedBy(deps, scope, input)
      const answer = await deps.scale.attach(scope, moved)
      const asked = { ...moved, asking: 'attach' } as const
      await activitiesOfMove(deps, scope, asked, answer)
      return {}
    },
  }

import type { Operation } from '../../../wire/service.ts'
import { activityInProgress, groupNotFound, pendingDelete, poolOfMixedGroup } from '../errors.ts'
import { checkWarmPool } from '../warm-pool-specification.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const putWarmPool: Operation<AutoScalingOperations, 'PutWarmPool', AutoScalingDeps> = {
  accepts: {
    AutoScalingGroupName: true,
    MaxGroupPreparedCapacity: true,
    MinSize: true,
    PoolState: true,
    InstanceReusePolicy: { ReuseOnScaleIn: true },
  },
  async handle(input, request, deps) {
    const name = input.AutoScalingGroupName ?? ''
    const answer = await deps.scale.putPool(request.scope, name, checkWarmPool(input))
    switch (answer) {
      case 'put':
        return {}
      case 'unknown':
        throw groupNotFound(name)
      case 'group-is-deleting':
        throw pendingDelete(name)
      case 'mixed':
        throw poolOfMixedGroup(name)
      case 'is-deleting':
        throw activityInProgress(`The warm pool of AutoScalingGroup ${name} is pending delete.`)
    }
  },
}

import type { Operation } from '../../../wire/service.ts'
import { groupNotFound, warmPoolNotFound } from '../errors.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const deleteWarmPool: Operation<AutoScalingOperations, 'DeleteWarmPool', AutoScalingDeps> = {
  accepts: { AutoScalingGroupName: true, ForceDelete: true },
  async handle(input, request, deps) {
    const name = input.AutoScalingGroupName ?? ''
    const answer = await deps.scale.removePool(request.scope, name, input.ForceDelete ?? false)
    switch (answer) {
      case 'removed':
        return {}
      case 'unknown':
        throw groupNotFound(name)
      case 'no-pool':
        throw warmPoolNotFound(name)
    }
  },
}

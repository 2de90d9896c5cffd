import type { Operation } from '../../../wire/service.ts'
import { noLifecycleAction } from '../errors.ts'
import { heldOf } from '../held-instance.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const recordLifecycleActionHeartbeat: Operation<
  AutoScalingOperations,
  'RecordLifecycleActionHeartbeat',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    LifecycleHookName: true,
    LifecycleActionToken: true,
    InstanceId: true,
  },
  async handle(input, request, deps) {
    const held = await heldOf(deps, request.scope, input)
    if (!(await deps.scale.extendHook(request.scope, held))) throw noLifecycleAction(held)
    return {}
  },
}

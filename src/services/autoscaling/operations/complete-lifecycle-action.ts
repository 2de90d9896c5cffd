import type { Operation } from '../../../wire/service.ts'
import { noLifecycleAction } from '../errors.ts'
import { checkResult } from '../hook-specification.ts'
import { heldOf } from '../held-instance.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const completeLifecycleAction: Operation<
  AutoScalingOperations,
  'CompleteLifecycleAction',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    LifecycleHookName: true,
    LifecycleActionToken: true,
    LifecycleActionResult: true,
    InstanceId: true,
  },
  async handle(input, request, deps) {
    const result = checkResult('LifecycleActionResult', input.LifecycleActionResult)
    const held = await heldOf(deps, request.scope, input)
    if (!(await deps.scale.completeHook(request.scope, held, result))) throw noLifecycleAction(held)
    return {}
  },
}

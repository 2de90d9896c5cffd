import type { Operation } from '../../../wire/service.ts'
import { hookNotFound } from '../errors.ts'
import { groupNamed } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const deleteLifecycleHook: Operation<
  AutoScalingOperations,
  'DeleteLifecycleHook',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, LifecycleHookName: true },
  async handle(input, request, deps) {
    const group = await groupNamed(deps, request.scope, input.AutoScalingGroupName)
    const hookName = input.LifecycleHookName ?? ''
    const answer = await deps.scale.removeHook(request.scope, group.name, hookName)
    if (answer === 'unknown') throw hookNotFound(hookName)
    return {}
  },
}

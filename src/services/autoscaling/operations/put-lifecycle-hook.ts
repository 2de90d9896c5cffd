import type { Operation } from '../../../wire/service.ts'
import { limitExceeded, pendingDelete } from '../errors.ts'
import { checkHook, hooksMax } from '../hook-specification.ts'
import { checkTarget, testTarget } from '../notification-target.ts'
import { groupNamed } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const putLifecycleHook: Operation<
  AutoScalingOperations,
  'PutLifecycleHook',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    LifecycleHookName: true,
    LifecycleTransition: true,
    HeartbeatTimeout: true,
    DefaultResult: true,
    NotificationMetadata: true,
    NotificationTargetARN: true,
    RoleARN: true,
  },
  async handle(input, request, deps) {
    const group = await groupNamed(deps, request.scope, input.AutoScalingGroupName)
    if (group.isDeleting) throw pendingDelete(group.name)
    const hooks = group.lifecycleHooks ?? []
    const before = hooks.find(({ name }) => name === input.LifecycleHookName)
    if (!before && hooks.length >= hooksMax) {
      throw limitExceeded(`An Auto Scaling group has at most ${hooksMax} lifecycle hooks`)
    }
    const hook = checkHook(input, before)
    await checkTarget(deps, request.scope, hook.target)
    await deps.scale.putHook(request.scope, group.name, hook)
    if (input.NotificationTargetARN) await testTarget(deps, request.scope, { group, hook })
    return {}
  },
}

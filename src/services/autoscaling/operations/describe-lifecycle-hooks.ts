import type { Operation } from '../../../wire/service.ts'
import { hookTransitions } from '../hook-specification.ts'
import { groupNamed } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

const secondsMax = 48 * 3600

export const describeLifecycleHooks: Operation<
  AutoScalingOperations,
  'DescribeLifecycleHooks',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, LifecycleHookNames: true },
  async handle(input, request, deps) {
    const group = await groupNamed(deps, request.scope, input.AutoScalingGroupName)
    const names = input.LifecycleHookNames ?? []
    const chosen = (group.lifecycleHooks ?? []).filter(
      ({ name }) => names.length === 0 || names.includes(name),
    )
    const transitions = Object.entries(hookTransitions)
    return {
      LifecycleHooks: chosen.map((hook) => ({
        LifecycleHookName: hook.name,
        AutoScalingGroupName: group.name,
        LifecycleTransition: transitions.find(([, ours]) => ours === hook.transition)?.[0],
        HeartbeatTimeout: hook.heartbeatSeconds,
        GlobalTimeout: Math.min(hook.heartbeatSeconds * 100, secondsMax),
        DefaultResult: hook.defaultResult,
        ...(hook.target === undefined ? {} : { NotificationTargetARN: hook.target }),
        ...(hook.roleArn === undefined ? {} : { RoleARN: hook.roleArn }),
        ...(hook.metadata === undefined ? {} : { NotificationMetadata: hook.metadata }),
      })),
    }
  },
}

import type { Scope } from '../../kernel/scope.ts'
import { hookNotFound, validationError } from './errors.ts'
import type { AutoScalingDeps } from './service-deps.ts'
import { groupNamed } from './update-group.ts'

/** What a lifecycle action is known by in a request: its group and hook, and its instance or its token. */
export async function heldOf(
  deps: AutoScalingDeps,
  scope: Scope,
  input: {
    readonly AutoScalingGroupName: string | undefined
    readonly LifecycleHookName: string | undefined
    readonly LifecycleActionToken?: string | undefined
    readonly InstanceId?: string | undefined
  },
) {
  const { LifecycleActionToken: token, InstanceId: instanceId } = input
  const group = await groupNamed(deps, scope, input.AutoScalingGroupName)
  const hookName = input.LifecycleHookName ?? ''
  if (!group.lifecycleHooks?.some(({ name }) => name === hookName)) throw hookNotFound(hookName)
  if (token === undefined && instanceId === undefined) {
    throw validationError('Either a LifecycleActionToken or an InstanceId is required')
  }
  return { groupName: group.name, hookName, token, instanceId }
}

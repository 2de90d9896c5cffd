import type { LifecycleHookSpecification } from '@aws-sdk/client-auto-scaling'
import type { Scope } from '../../kernel/scope.ts'
import type { LifecycleHook } from '../../scale/domain/hooks.ts'
import type { Group } from '../../scale/group.ts'
import { limitExceeded, validationError } from './errors.ts'
import { checkHook, hooksMax } from './hook-specification.ts'
import { checkTarget, testTarget } from './notification-target.ts'
import type { AutoScalingDeps } from './service-deps.ts'

/** The hooks that a group's own request lists, checked with those whom they tell. */
export async function checkListedHooks(
  deps: AutoScalingDeps,
  scope: Scope,
  given: readonly LifecycleHookSpecification[] | undefined,
): Promise<readonly LifecycleHook[]> {
  const hooks = (given ?? []).map((each) => checkHook(each, undefined))
  if (hooks.length > hooksMax) {
    throw limitExceeded(`An Auto Scaling group has at most ${hooksMax} lifecycle hooks`)
  }
  if (new Set(hooks.map(({ name }) => name)).size < hooks.length) {
    throw validationError('The names of lifecycle hooks must be unique within their group')
  }
  for (const { target } of hooks) await checkTarget(deps, scope, target)
  return hooks
}

/** Tells the targets of a new group's hooks that they are such, as AWS does. */
export async function testTargets(
  deps: AutoScalingDeps,
  scope: Scope,
  group: Group,
): Promise<void> {
  for (const hook of group.lifecycleHooks ?? []) await testTarget(deps, scope, { group, hook })
}

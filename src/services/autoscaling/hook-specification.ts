import type { LifecycleHookSpecification } from '@aws-sdk/client-auto-scaling'
import type { HookResult, HookTransition, LifecycleHook } from '../../scale/domain/hooks.ts'
import { validationError } from './errors.ts'

export const hookTransitions = {
  'autoscaling:EC2_INSTANCE_LAUNCHING': 'launching',
  'autoscaling:EC2_INSTANCE_TERMINATING': 'terminating',
} as const satisfies Record<string, HookTransition>

/** AWS's quota of hooks in one group. */
export const hooksMax = 50

/** A hook out of a request, checked; `before` is the hook of that name so far, whose values stay where none is given. */
export function checkHook(
  input: Partial<LifecycleHookSpecification>,
  before: LifecycleHook | undefined,
): LifecycleHook {
  const name = checkHookName(input.LifecycleHookName)
  const transition = checkTransition(input.LifecycleTransition, before)
  const heartbeatSeconds = input.HeartbeatTimeout ?? before?.heartbeatSeconds ?? 3600
  if (!Number.isInteger(heartbeatSeconds) || heartbeatSeconds < 30 || heartbeatSeconds > 7200) {
    throw validationError('HeartbeatTimeout must be between 30 and 7200 seconds')
  }
  const target = input.NotificationTargetARN ?? before?.target
  const roleArn = input.RoleARN ?? before?.roleArn
  const metadata = input.NotificationMetadata ?? before?.metadata
  return {
    name,
    transition,
    heartbeatSeconds,
    defaultResult: checkResult(
      'DefaultResult',
      input.DefaultResult ?? before?.defaultResult ?? 'ABANDON',
    ),
    ...(metadata === undefined ? {} : { metadata }),
    ...(target === undefined || target === '' ? {} : { target }),
    ...(roleArn === undefined ? {} : { roleArn }),
  }
}

function checkHookName(name: string | undefined): string {
  if (!name || name.length > 255 || !/^[A-Za-z0-9\-_/]+$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name ?? ''}' at 'lifecycleHookName' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [A-Za-z0-9\\-_\\/]+',
    )
  }
  return name
}

function checkTransition(
  given: string | undefined,
  before: LifecycleHook | undefined,
): HookTransition {
  if (given === undefined && before) return before.transition
  const known: Readonly<Record<string, HookTransition>> = hookTransitions
  const transition = given === undefined ? undefined : known[given]
  if (!transition) {
    throw validationError(
      `LifecycleTransition must be one of ${Object.keys(hookTransitions).join(', ')}, not ${given ?? 'absent'}`,
    )
  }
  return transition
}

export function checkResult(member: string, given: string | undefined): HookResult {
  if (given !== 'CONTINUE' && given !== 'ABANDON') {
    throw validationError(`${member} is CONTINUE or ABANDON, not ${given ?? 'absent'}`)
  }
  return given
}

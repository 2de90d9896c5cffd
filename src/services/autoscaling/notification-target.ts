import type { Scope } from '../../kernel/scope.ts'
import type { LifecycleHook } from '../../scale/domain/hooks.ts'
import type { Group } from '../../scale/group.ts'
import { noticeTypes, testMessage } from '../../scale/notice-message.ts'
import { limitExceeded, validationError } from './errors.ts'
import type { AutoScalingDeps } from './service-deps.ts'

/** Refuses what cannot be told, by a hook or of activities. */
export async function checkTarget(
  { scale }: AutoScalingDeps,
  scope: Scope,
  targetArn: string | undefined,
): Promise<void> {
  if (targetArn === undefined) return
  const refusal = scale.notices
    ? await scale.notices.refusal(scope, targetArn)
    : 'there is nobody to be told here'
  if (refusal !== undefined) {
    throw validationError(`Unable to publish to notification target ${targetArn}: ${refusal}`)
  }
}

/** Tells a hook's new target that it is one, as AWS does. */
export async function testTarget(
  { scale }: AutoScalingDeps,
  scope: Scope,
  { group, hook }: { readonly group: Group; readonly hook: LifecycleHook },
): Promise<void> {
  if (hook.target === undefined) return
  await scale.notices?.tell(hook.target, testMessage(scale.context, scope, group))
}

/** AWS's quota of topics of one group. */
const topicsMax = 10

export async function checkNotification(
  deps: AutoScalingDeps,
  scope: Scope,
  { topicArn, types }: { readonly topicArn: string; readonly types: readonly string[] },
): Promise<void> {
  const known: readonly string[] = Object.values(noticeTypes)
  const unknown = types.find((type) => !known.includes(type))
  if (unknown !== undefined || types.length === 0) {
    throw validationError(
      `NotificationTypes are of ${known.join(', ')}${unknown === undefined ? '' : `, not ${unknown}`}`,
    )
  }
  if (!topicArn.includes(':sns:'))
    throw validationError(`Invalid SNS topic ARN specified ${topicArn}`)
  await checkTarget(deps, scope, topicArn)
}

/** Refuses more topics than a group may have. */
export function checkTopicCount(topicArns: readonly string[]): void {
  if (new Set(topicArns).size <= topicsMax) return
  throw limitExceeded(`A group notifies at most ${topicsMax} topics`)
}

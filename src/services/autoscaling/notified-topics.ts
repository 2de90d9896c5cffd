import type { Scope } from '../../kernel/scope.ts'
import type { Group } from '../../scale/group.ts'
import type { Properties } from '../../stacks/resource-type.ts'
import { checkNotification, checkTopicCount } from './notification-target.ts'
import type { AutoScalingDeps } from './service-deps.ts'

interface Notified {
  readonly topicArn: string
  readonly types: readonly string[]
}

/** The second is the name of 2014, for one alone. */
const notifiedProperties = ['NotificationConfigurations', 'NotificationConfiguration']

/** What a template's `NotificationConfigurations` say, or the older `NotificationConfiguration`: each names a topic, or a list of them. */
function notifiedOf(properties: Properties): readonly Notified[] {
  const given = notifiedProperties.flatMap((name) => properties[name] ?? []) as readonly {
    readonly TopicARN?: string | readonly string[]
    readonly NotificationTypes?: string | readonly string[]
  }[]
  return given.flatMap(({ TopicARN, NotificationTypes }) =>
    [TopicARN ?? []]
      .flat()
      .map((topicArn) => ({ topicArn, types: [NotificationTypes ?? []].flat() })),
  )
}

export async function checkNotified(
  deps: AutoScalingDeps,
  scope: Scope,
  properties: Properties,
): Promise<void> {
  const all = notifiedOf(properties)
  checkTopicCount(all.map(({ topicArn }) => topicArn))
  for (const told of all) await checkNotification(deps, scope, told)
}

/** Puts those that the template lists, and takes away those that it listed before; others stay. */
export async function keepNotified(
  { scale }: AutoScalingDeps,
  scope: Scope,
  change: { readonly group: Group; readonly before: Properties; readonly after: Properties },
): Promise<void> {
  const { group, before, after } = change
  const wanted = notifiedOf(after)
  for (const told of wanted) await scale.putNotification(scope, group, told)
  for (const { topicArn } of notifiedOf(before)) {
    if (wanted.some((one) => one.topicArn === topicArn)) continue
    await scale.removeNotification(scope, group.name, topicArn)
  }
}

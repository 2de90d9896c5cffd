import type { Scope } from '../kernel/scope.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { modify } from '../store/records.ts'
import { activities, groups, members, type Group } from './group.ts'
import { activityMessage, holdMessage, typeOf } from './notice-message.ts'
import {
  notificationConfigurations,
  type NotificationConfiguration,
  type Notices,
} from './notices.ts'
import { removeRecord } from './remove-record.ts'
import type { ScaleDeps } from './scale.ts'

/**
 * Tells topics of activities that ended, and hooks' targets of holds: compares what there is to tell with what was told. At least once: a crash
 * between the word and its mark repeats the word. A hold that ended between two rounds is not told.
 */
export function noticeReconciler(deps: ScaleDeps, notices: Notices): Reconciler {
  const { store } = deps.context
  return {
    name: 'scale/notices',
    periodMilliseconds: 30_000,
    concurrencyMax: 2,
    wakes: [
      { kind: activities, keysOf: ({ scope, owner = '' }) => [keyOf(scope, owner)] },
      { kind: members, keysOf: ({ scope, owner = '' }) => [keyOf(scope, owner)] },
    ],
    async keys() {
      const told = await store.listAll(notificationConfigurations)
      const hooked = (await store.listAll(groups)).filter(({ value }) => hasTarget(value))
      const keys = [
        ...told.map(({ scope, value }) => keyOf(scope, value.groupName)),
        ...hooked.map(({ scope, id }) => keyOf(scope, id)),
      ]
      return [...new Set(keys)]
    },
    async reconcile(key) {
      const { scope, id: name } = openKey(key)
      const group = (await store.find(groups, scope, name))?.value
      await tellActivities(deps, notices, { scope, name, group })
      if (group && hasTarget(group)) await tellHolds(deps, notices, { scope, group })
      return undefined
    },
  }
}

function hasTarget({ lifecycleHooks = [] }: Group): boolean {
  return lifecycleHooks.some(({ target }) => target !== undefined)
}

async function tellActivities(
  { context: { store } }: ScaleDeps,
  notices: Notices,
  of: { readonly scope: Scope; readonly name: string; readonly group: Group | undefined },
): Promise<void> {
  const { scope, name, group } = of
  const configured = await store.list(notificationConfigurations, scope, { owner: name })
  if (configured.length === 0) return
  const all = await store.list(activities, scope, { owner: name })
  for (const { value: activity, id } of all) {
    const type = typeOf(activity)
    const isOver = activity.endTime !== undefined && type !== undefined
    if (!isOver || activity.isTold === true) continue
    const wanted = configured.filter(({ value }) => wants(value, { ...activity, type }))
    if (wanted.length === 0) continue
    const notice = activityMessage(scope, activity, type)
    for (const { value } of wanted) await notices.tell(value.topicArn, notice)
    await modify(store, { kind: activities, scope, id }, (one) => ({ ...one, isTold: true }))
  }
  // What a group that is gone had to tell is told by now.
  for (const { id, value } of configured) {
    if (value.groupArn === group?.arn) continue
    await removeRecord(store, { kind: notificationConfigurations, scope, id })
  }
}

function wants(
  { groupArn, types, since }: NotificationConfiguration,
  activity: {
    readonly groupArn: string
    readonly endTime?: number | undefined
    readonly type: string
  },
): boolean {
  return (
    activity.groupArn === groupArn &&
    types.includes(activity.type) &&
    (activity.endTime ?? 0) >= since
  )
}

async function tellHolds(
  { context: { store, clock } }: ScaleDeps,
  notices: Notices,
  { scope, group }: { readonly scope: Scope; readonly group: Group },
): Promise<void> {
  for (const { id, value: member } of await store.list(members, scope, { owner: group.name })) {
    for (const wait of member.hooks?.waits ?? []) {
      if (wait.isTold === true || wait.outcome !== undefined) continue
      const hook = group.lifecycleHooks?.find(({ name }) => name === wait.hookName)
      if (hook?.target === undefined) continue
      const at = clock.now()
      await notices.tell(hook.target, holdMessage(scope, { group, member, hook, wait, at }))
      await modify(store, { kind: members, scope, id }, (one) => {
        if (!one.hooks) return undefined
        const waits = one.hooks.waits.map((each) =>
          each.token === wait.token ? { ...each, isTold: true as const } : each,
        )
        return { ...one, hooks: { ...one.hooks, waits } }
      })
    }
  }
}

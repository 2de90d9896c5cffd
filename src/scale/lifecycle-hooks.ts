import { isoTime } from '../kernel/clock.ts'
import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import { modify, type StoredRecord } from '../store/records.ts'
import {
  beginWaits,
  concludeWait,
  expireWaits,
  extendWait,
  hooksPhase,
  type HookMatch,
  type HookResult,
  type HookTransition,
  type LifecycleHook,
  type MemberHooks,
} from './domain/hooks.ts'
import { transitionOf } from './domain/views.ts'
import { groupAt, members, routeOf, type Group, type Member } from './group.ts'
import type { ScaleDeps } from './scale.ts'

/** What users ask of lifecycle hooks. */
export interface HookRequests {
  /** Makes or changes a hook; those that hold instances already go on as they began. False when there is no such group. */
  putHook(scope: Scope, groupName: string, hook: LifecycleHook): Promise<boolean>
  /** Holds of the hook end at once: launches are abandoned, terminations go on. */
  removeHook(scope: Scope, groupName: string, hookName: string): Promise<'removed' | 'unknown'>
  /** False when no such hold is open. */
  completeHook(
    scope: Scope,
    held: HookMatch & { readonly groupName: string; readonly instanceId?: string | undefined },
    result: HookResult,
  ): Promise<boolean>
  /** Holds on for another heartbeat. False when no such hold is open. */
  extendHook(
    scope: Scope,
    held: HookMatch & { readonly groupName: string; readonly instanceId?: string | undefined },
  ): Promise<boolean>
}

export function hookRequests(deps: ScaleDeps): HookRequests {
  const { store, clock } = deps.context

  async function changeHeld(
    scope: Scope,
    held: HookMatch & { readonly groupName: string; readonly instanceId?: string | undefined },
    change: (hooks: MemberHooks | undefined) => MemberHooks | undefined,
  ): Promise<boolean> {
    const staff = await store.list(members, scope, { owner: held.groupName })
    for (const { id, value } of staff) {
      if (held.instanceId !== undefined && value.instanceId !== held.instanceId) continue
      if (held.instanceId === undefined && !holdsToken(value, held.token)) continue
      let isChanged = false
      await modify(store, { kind: members, scope, id }, (member) => {
        const hooks = change(member.hooks)
        isChanged = hooks !== undefined
        return hooks ? withHooks(member, hooks) : undefined
      })
      if (isChanged) return true
    }
    return false
  }

  return {
    async putHook(scope, groupName, hook) {
      const changed = await modify(store, groupAt(scope, groupName), (group) => {
        const others = (group.lifecycleHooks ?? []).filter(({ name }) => name !== hook.name)
        return { ...group, lifecycleHooks: [...others, hook] }
      })
      return changed !== undefined
    },
    async removeHook(scope, groupName, hookName) {
      let isKnown = false
      await modify(store, groupAt(scope, groupName), (group) => {
        const hooks = group.lifecycleHooks ?? []
        isKnown = hooks.some(({ name }) => name === hookName)
        if (!isKnown) return undefined
        return { ...group, lifecycleHooks: hooks.filter(({ name }) => name !== hookName) }
      })
      if (!isKnown) return 'unknown'
      for (const { id } of await store.list(members, scope, { owner: groupName })) {
        await modify(store, { kind: members, scope, id }, (member) => {
          const result = member.hooks?.transition === 'launching' ? 'ABANDON' : 'CONTINUE'
          const hooks = concludeWait(member.hooks, { hookName }, result)
          return hooks ? withHooks(member, hooks) : undefined
        })
      }
      return 'removed'
    },
    completeHook: (scope, held, result) =>
      changeHeld(scope, held, (hooks) => concludeWait(hooks, held, result)),
    extendHook: (scope, held) =>
      changeHeld(scope, held, (hooks) => extendWait(hooks, held, clock.now())),
  }
}

function holdsToken(member: Member, token: string | undefined): boolean {
  return token !== undefined && (member.hooks?.waits ?? []).some((wait) => wait.token === token)
}

/** A launch that a hook abandoned is unhealthy: the plan takes it out, and another takes its place. */
function withHooks(member: Member, hooks: MemberHooks): Member {
  // One that an abandoned action held on its way back to the pool ends, as it does on its way out.
  const mayAbandon = hooks.transition === 'launching' || member.warm === 'returning'
  const isAbandoned = mayAbandon && hooksPhase(hooks) === 'abandoned'
  const isOnItsWay = member.lifecycle === 'Pending' || member.lifecycle === 'Warmed:Pending'
  if (!isAbandoned || !isOnItsWay) return { ...member, hooks }
  return { ...member, hooks, health: 'Unhealthy', unhealthyReason: 'abandoned' }
}

/** Holds a member, and tells it to those who listen for events. */
export async function beginHooks(
  deps: ScaleDeps,
  { scope, value: group }: StoredRecord<Group>,
  step: { readonly memberId: string; readonly transition: HookTransition },
): Promise<void> {
  const { store, clock, random } = deps.context
  let begun: MemberHooks | undefined
  const at = { kind: members, scope, id: step.memberId }
  const record = await modify(store, at, (member) => {
    begun = undefined
    if (transitionOf(member) !== step.transition) return undefined
    if (member.hooks?.transition === step.transition) return undefined
    begun = beginWaits(group.lifecycleHooks ?? [], step.transition, clock.now(), () => uuid(random))
    return { ...member, hooks: begun }
  })
  if (begun && record) publishHolds(deps, scope, { group, member: record.value, hooks: begun })
}

export async function expireHooks(deps: ScaleDeps, scope: Scope, memberId: string): Promise<void> {
  const { store, clock } = deps.context
  await modify(store, { kind: members, scope, id: memberId }, (member) =>
    member.hooks ? withHooks(member, expireWaits(member.hooks, clock.now())) : undefined,
  )
}

function publishHolds(
  deps: ScaleDeps,
  scope: Scope,
  held: { group: Group; member: Member; hooks: MemberHooks },
): void {
  const { group, member, hooks } = held
  const isLaunch = hooks.transition === 'launching'
  for (const wait of hooks.waits) {
    const hook = group.lifecycleHooks?.find(({ name }) => name === wait.hookName)
    deps.context.events.publish({
      source: 'aws.autoscaling',
      detailType: `EC2 Instance-${isLaunch ? 'launch' : 'terminate'} Lifecycle Action`,
      scope,
      resources: [group.arn],
      detail: {
        LifecycleActionToken: wait.token,
        AutoScalingGroupName: group.name,
        LifecycleHookName: wait.hookName,
        EC2InstanceId: member.instanceId,
        LifecycleTransition: `autoscaling:EC2_INSTANCE_${isLaunch ? 'LAUNCHING' : 'TERMINATING'}`,
        ...(hook?.metadata === undefined ? {} : { NotificationMetadata: hook.metadata }),
        ...routeOf(member),
        Time: isoTime(deps.context.clock.now()),
      },
    })
  }
}

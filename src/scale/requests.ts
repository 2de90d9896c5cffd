import type { Scope } from '../kernel/scope.ts'
import { modify, RecordExists, type StoredRecord } from '../store/records.ts'
import { removeBelongings } from './belongings.ts'
import { forgetAlarms } from './scaling-policies.ts'
import { isPooled, isStaff } from './domain/views.ts'
import { depart, mayBecome } from './depart-members.ts'
import { causes } from './domain/causes.ts'
import {
  activities,
  groupAt,
  groups,
  members,
  type Activity,
  type Group,
  type Member,
} from './group.ts'
import type { ScalingPolicy } from './policy.ts'
import type { ScaleDeps } from './scale.ts'
import { weightOf } from './weights.ts'
import { shownActivity, type ShownActivity } from './shown-status.ts'

/** What users ask of groups. Each is one write; the reconciler does the rest. */
export interface GroupRequests {
  /** False when the name is taken. */
  create(scope: Scope, group: Group): Promise<boolean>
  /** Undefined when there is no such group. The change may run several times. */
  change(
    scope: Scope,
    groupName: string,
    change: (group: Group) => Group,
  ): Promise<Group | undefined>
  remove(
    scope: Scope,
    groupName: string,
    force: boolean,
  ): Promise<'removed' | 'unknown' | 'has-instances' | 'is-scaling'>
  /** Takes an instance out; `shrink` lowers the desired capacity with it. */
  terminate(scope: Scope, instanceId: string, shrink: boolean): Promise<TerminateAnswer>
  memberOf(scope: Scope, instanceId: string): Promise<StoredRecord<Member> | undefined>
  changeMember(scope: Scope, memberId: string, change: (member: Member) => Member): Promise<void>
}

type TerminateAnswer =
  | { readonly ok: true; readonly activity: Activity }
  | {
      readonly ok: false
      readonly reason: 'unknown' | 'below-minimum' | 'is-terminating' | 'is-pooled'
    }

export function groupRequests(deps: ScaleDeps): GroupRequests {
  const { store } = deps.context

  async function memberOf(scope: Scope, instanceId: string) {
    const all = await store.list(members, scope)
    return all.find((record) => record.value.instanceId === instanceId)
  }

  return {
    memberOf,
    async create(scope, group) {
      try {
        await store.insert(groups, { scope, id: group.name }, group)
        return true
      } catch (thrown) {
        if (thrown instanceof RecordExists) return false
        throw thrown
      }
    },
    async change(scope, groupName, change) {
      return (await modify(store, groupAt(scope, groupName), change))?.value
    },
    remove: (scope, groupName, force) => removeGroup(deps, scope, groupName, force),
    terminate: (scope, instanceId, shrink) =>
      terminateMember(deps, memberOf, { scope, instanceId, shrink }),
    async changeMember(scope, memberId, change) {
      await modify(store, { kind: members, scope, id: memberId }, change)
    },
  }
}

async function removeGroup(
  deps: ScaleDeps,
  scope: Scope,
  groupName: string,
  force: boolean,
): Promise<'removed' | 'unknown' | 'has-instances' | 'is-scaling'> {
  const { store, clock } = deps.context
  let policies: readonly ScalingPolicy[] = []
  const answer = await store.transaction(async (records) => {
    const record = await records.find(groups, scope, groupName)
    if (!record) return 'unknown'
    const staff = await records.list(members, scope, { owner: groupName })
    if (staff.length === 0) {
      policies = await removeBelongings(records, scope, groupName)
      await records.remove(record)
      return 'removed'
    }
    if (!force) {
      const leaves = staff.every((member) => member.value.lifecycle === 'Terminating')
      return leaves ? 'is-scaling' : 'has-instances'
    }
    await records.update(record, {
      ...record.value,
      isDeleting: true,
      minSize: 0,
      maxSize: 0,
      desiredCapacity: 0,
      requestCause: causes.forceDeleted(clock.now(), record.value.desiredCapacity),
    })
    return 'removed'
  })
  for (const policy of policies) await forgetAlarms(deps, scope, policy)
  return answer
}

async function terminateMember(
  deps: ScaleDeps,
  memberOf: GroupRequests['memberOf'],
  { scope, instanceId, shrink }: { scope: Scope; instanceId: string; shrink: boolean },
): Promise<TerminateAnswer> {
  const found = await memberOf(scope, instanceId)
  if (!found) return { ok: false, reason: 'unknown' }
  return deps.context.store.transaction(async (records) => {
    const member = await records.find(members, scope, found.id)
    const record = await records.find(groups, scope, found.value.groupName)
    if (!member || !record) return { ok: false, reason: 'unknown' }
    if (!mayBecome(member.value, 'Terminating')) return { ok: false, reason: 'is-terminating' }
    if (isPooled(member.value.lifecycle)) return { ok: false, reason: 'is-pooled' }
    const group = record.value
    // One that stands by is not counted.
    const shrinks = shrink && isStaff(member.value.lifecycle)
    const weight = weightOf(group, member.value.instanceType)
    const desiredCapacity = group.desiredCapacity - (shrinks ? weight : 0)
    if (desiredCapacity < group.minSize) return { ok: false, reason: 'below-minimum' }
    if (shrinks) await records.update(record, { ...group, desiredCapacity })
    const sizes = { from: group.desiredCapacity, to: desiredCapacity }
    const activity = await depart(deps, records, { group, member, why: 'user-request', sizes })
    return { ok: true, activity }
  })
}

/** Newest first; of the groups there are now, unless those of deleted ones are asked for. */
export async function activitiesOf(
  deps: ScaleDeps,
  scope: Scope,
  groupName: string | undefined,
  includeDeleted: boolean,
): Promise<readonly ShownActivity[]> {
  const { store } = deps.context
  const filter = groupName === undefined ? {} : { owner: groupName }
  const all = await store.list(activities, scope, filter)
  const alive = new Set((await store.list(groups, scope)).map((record) => record.value.arn))
  const shown = all
    .map((record) => record.value)
    .filter((activity) => includeDeleted || alive.has(activity.groupArn))
    .sort((a, b) => b.startTime - a.startTime || (a.activityId < b.activityId ? -1 : 1))
  if (!shown.some(({ statusCode }) => statusCode === 'InProgress')) {
    return shown.map((activity) => ({ ...activity, shownStatus: activity.statusCode }))
  }
  const byActivity = await membersByActivity(deps, scope, filter)
  return shown.map((activity) => {
    const { member, isEnding } = byActivity.get(activity.activityId) ?? { isEnding: false }
    return shownActivity(activity, member, isEnding)
  })
}

/** Whom an activity is about, and whether the instance is on its way to its end. */
async function membersByActivity(
  { context, instances }: ScaleDeps,
  scope: Scope,
  filter: { owner?: string },
): Promise<ReadonlyMap<string, { member?: Member; isEnding: boolean }>> {
  const staff = await context.store.list(members, scope, filter)
  const list = await instances.list(scope)
  const ending = new Set(
    list.filter(({ value }) => value.desired === 'terminated').map((record) => record.id),
  )
  return new Map(
    staff.flatMap(({ value: member }) => {
      const about = { member, isEnding: ending.has(member.instanceId ?? '') }
      const { launchActivityId, terminateActivityId = '' } = member
      return [
        [launchActivityId, about],
        [terminateActivityId, about],
      ] as const
    }),
  )
}

import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import { modify, type StoredRecord } from '../store/records.ts'
import { activityEvent, beginActivity, changeActivity, ended } from './activities.ts'
import { changeMember, mayBecome } from './depart-members.ts'
import { launchCause, returnCause } from './domain/causes.ts'
import type { LaunchReason } from './domain/views.ts'
import { groupAt, members, type Group, type Member } from './group.ts'
import { holdGroup } from './launch-members.ts'
import type { ScaleDeps } from './scale.ts'

/** Moves between a group and its warm pool. Each is one write; what machines do follows from it, and may be repeated. */

export async function drawMembers(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  draws: readonly { readonly memberId: string; readonly why: LaunchReason }[],
  sizeBefore: number,
): Promise<void> {
  const { value: group } = record
  const sizes = { from: sizeBefore, to: sizeBefore + draws.length }
  await moveMembers(deps, record, draws, (member, { why }, startTime) => {
    const activityId = uuid(deps.context.random)
    return {
      member: {
        ...member,
        lifecycle: 'Pending',
        isRebalancing: why === 'rebalance',
        isProtected: group.newInstancesProtected,
        launchActivityId: activityId,
        hooks: undefined,
        startingSince: startTime,
        warm: 'drawn',
      },
      activityId,
      description: `Launching a new EC2 instance from warm pool: ${member.instanceId}`,
      cause: launchCause(why, startTime, sizes, group.requestCause),
      startTime,
    }
  })
}

/** They drain, pass the hooks of their way out, and are prepared anew. */
export async function returnMembers(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  memberIds: readonly string[],
  sizeBefore: number,
): Promise<void> {
  const sizes = { from: sizeBefore, to: sizeBefore - memberIds.length }
  const returns = memberIds.map((memberId) => ({ memberId }))
  await moveMembers(deps, record, returns, (member, _return, startTime) => {
    const activityId = uuid(deps.context.random)
    const { inServiceAt: _at, instanceId = '', ...rest } = member
    return {
      member: {
        ...rest,
        instanceId,
        lifecycle: 'Warmed:Pending',
        terminateActivityId: activityId,
        hooks: undefined,
        warm: 'returning',
      },
      activityId,
      description: `Returning EC2 instance to warm pool: ${instanceId}`,
      cause: returnCause(startTime, instanceId, sizes, record.value.requestCause),
      startTime,
    }
  })
}

type Beginning = Parameters<typeof beginActivity>[3]

/** All that may still move, in one transaction that holds the group, each with an activity of its own. */
async function moveMembers<Move extends { readonly memberId: string }>(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  moves: readonly Move[],
  moved: (member: Member, move: Move, startTime: number) => Beginning,
): Promise<void> {
  const { scope, value: group } = record
  await deps.context.store.transaction(async (records) => {
    await holdGroup(records, record)
    for (const move of moves) {
      const found = await records.find(members, scope, move.memberId)
      if (!found) continue
      const beginning = moved(found.value, move, deps.context.clock.now())
      if (!mayBecome(found.value, beginning.member.lifecycle)) continue
      await records.update(found, beginning.member)
      await beginActivity(records, scope, group, beginning)
    }
  })
}

/** Starts the machine of one that was drawn; afterwards it is told apart from one whose machine ended again. */
export async function startDrawn(deps: ScaleDeps, member: StoredRecord<Member>): Promise<void> {
  const { instanceId } = member.value
  if (instanceId === undefined) return
  await deps.instances.start(member.scope, instanceId)
  await changeMember(deps, member.scope, member.id, (value) =>
    value.lifecycle === 'Pending' ? { ...value, warm: 'started' } : undefined,
  )
}

/** Stops a prepared machine: first it is written down that this is wanted, so that nobody takes it for ill. */
export async function stopPrepared(deps: ScaleDeps, member: StoredRecord<Member>): Promise<void> {
  const { instanceId } = member.value
  if (instanceId === undefined) return
  await changeMember(deps, member.scope, member.id, (value) =>
    value.lifecycle === 'Warmed:Pending' ? { ...value, warm: 'stopping' } : undefined,
  )
  const instance = await deps.instances.find(member.scope, instanceId)
  // Protection from stopping holds off users, not the group.
  if (instance?.value.isStopProtected) {
    await deps.instances.change(member.scope, instance.id, (value) => ({
      ...value,
      isStopProtected: false,
    }))
  }
  await deps.instances.stop(member.scope, instanceId)
}

/** One that is prepared waits in the pool from here on. */
export async function enterPool(
  deps: ScaleDeps,
  group: Group,
  member: StoredRecord<Member>,
  lifecycle: 'Warmed:Stopped' | 'Warmed:Running',
): Promise<void> {
  const { store, clock, events } = deps.context
  const at = clock.now()
  const { launchActivityId, terminateActivityId, instanceId = '' } = member.value
  await store.transaction(async (records) => {
    const current = await records.find(members, member.scope, member.id)
    if (!current || !mayBecome(current.value, lifecycle)) return
    const { terminateActivityId: _over, warm: _stage, ...rest } = current.value
    await records.update(current, { ...rest, lifecycle, drainingFrom: [] })
    const done = ended('Successful', at)
    await changeActivity(records, member.scope, launchActivityId, done)
    if (terminateActivityId) {
      await changeActivity(records, member.scope, terminateActivityId, done)
    }
  })
  if (terminateActivityId !== undefined) return
  events.publish(
    activityEvent(member.scope, group, {
      detailType: 'EC2 Instance Launch Successful',
      activityId: launchActivityId,
      instanceId,
      at,
    }),
  )
}

/** A pool that was to be deleted is gone with its last instance. */
export async function removePool(deps: ScaleDeps, scope: Scope, groupName: string): Promise<void> {
  await modify(deps.context.store, groupAt(scope, groupName), (group) => {
    if (!group.warmPool?.isDeleting) return undefined
    const { warmPool: _pool, ...rest } = group
    return rest
  })
}

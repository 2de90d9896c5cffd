import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import { modify, type Records, type StoredRecord } from '../store/records.ts'
import { activityEvent, beginActivity, changeActivity, ended } from './activities.ts'
import { departureCause, type Sizes } from './domain/causes.ts'
import { abandonment } from './domain/hooks.ts'
import {
  isPooled,
  lifecycleTransitions,
  type LifecycleState,
  type TakeOutReason,
} from './domain/views.ts'
import { members, type Activity, type Group, type Member } from './group.ts'
import { holdGroup, launching, noteFailure } from './launch-members.ts'
import type { ScaleDeps } from './scale.ts'
import { weightOfAll } from './weights.ts'

export interface Departure {
  readonly memberId: string
  readonly why: TakeOutReason
}

/** Takes members out of service: from here on they drain, end and are forgotten. Only while the group is as planned for. */
export async function takeOutMembers(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  departures: readonly Departure[],
  sizeBefore: number,
): Promise<void> {
  const { scope, value: group } = record
  const failed = await deps.context.store.transaction(async (records) => {
    await holdGroup(records, record)
    let isLaunchFailed = false
    const leaving: (Departure & { member: StoredRecord<Member> })[] = []
    for (const departure of departures) {
      const member = await records.find(members, scope, departure.memberId)
      if (member && mayBecome(member.value, 'Terminating')) leaving.push({ ...departure, member })
    }
    const units = weightOfAll(
      group,
      leaving.map(({ member }) => member.value),
    )
    const sizes = { from: sizeBefore, to: sizeBefore - units }
    for (const { member, why } of leaving) {
      isLaunchFailed ||= isLaunching(member.value) && failsLaunch(why)
      await depart(deps, records, { group, member, why, sizes })
    }
    return isLaunchFailed
  })
  if (failed) await noteFailure(deps, scope, group.name)
}

/** On its way into service, or into the warm pool for the first time. */
function isLaunching({ lifecycle, warm }: Member): boolean {
  return lifecycle === 'Pending' || (lifecycle === 'Warmed:Pending' && warm !== 'returning')
}

/** Whether the launch itself went wrong, so that the next one is to wait a while. */
function failsLaunch(why: TakeOutReason): boolean {
  return why === 'ec2-health' || why === 'abandoned'
}

function launchFault(why: TakeOutReason, { hooks, launchActivityId }: Member): string {
  return why === 'abandoned'
    ? abandonment(hooks, launchActivityId)
    : 'Instance became unhealthy while waiting for instance to be in InService state.'
}

function failedLaunch(member: Member, why: TakeOutReason, at: number): Partial<Activity> {
  const fault = launchFault(why, member)
  const which = member.instanceId === undefined ? '' : `: ${member.instanceId}`
  const description = `${launching(member)}${which}.  Status Reason: ${fault}`
  return { ...ended('Failed', at, fault), description }
}

/** One departure, inside a transaction. Gives its activity. */
export async function depart(
  deps: ScaleDeps,
  records: Records,
  leaving: { group: Group; member: StoredRecord<Member>; why: TakeOutReason; sizes: Sizes },
): Promise<Activity> {
  const { group, member, why, sizes } = leaving
  const { scope } = member
  const at = deps.context.clock.now()
  const activityId = uuid(deps.context.random)
  const instanceId = member.value.instanceId ?? ''
  const departed: Member = {
    ...member.value,
    lifecycle: 'Terminating',
    terminatingAt: at,
    hooks: undefined,
    terminateActivityId: activityId,
    warm: isPooled(member.value.lifecycle) ? 'leaving' : undefined,
  }
  await records.update(member, departed)
  // Of one that was on its way back to the pool.
  const { terminateActivityId: earlier } = member.value
  if (earlier !== undefined) {
    await changeActivity(records, scope, earlier, ended('Cancelled', at, 'The instance ends.'))
  }
  if (isLaunching(member.value)) {
    const outcome =
      why === 'scale-in' || why === 'delete' || why === 'pool'
        ? ended('Cancelled', at, 'The instance is no longer needed.')
        : failedLaunch(member.value, why, at)
    await changeActivity(records, scope, member.value.launchActivityId, outcome)
  }
  return beginActivity(records, scope, group, {
    member: departed,
    activityId,
    description: `Terminating EC2 instance${departed.warm ? ' from warm pool' : ''}: ${instanceId}`,
    cause: departureCause(why, at, { instanceId, sizes }, group.requestCause),
    startTime: at,
  })
}

/** Records that a member's instance is gone, and forgets the member. */
export async function finishMember(
  deps: ScaleDeps,
  group: Group,
  member: StoredRecord<Member>,
): Promise<void> {
  const { store, clock, events } = deps.context
  const { terminateActivityId: activityId, instanceId = '' } = member.value
  const at = clock.now()
  await store.transaction(async (records) => {
    const current = await records.find(members, member.scope, member.id)
    if (!current) return
    await records.remove(current)
    if (activityId) {
      await changeActivity(records, member.scope, activityId, ended('Successful', at))
    }
  })
  if (!activityId) return
  events.publish(
    activityEvent(member.scope, group, {
      detailType: 'EC2 Instance Terminate Successful',
      activityId,
      instanceId,
      at,
    }),
  )
}

/** Changes a member, unless it is no longer in one of these states. */
export async function changeMember(
  deps: ScaleDeps,
  scope: Scope,
  memberId: string,
  change: (member: Member) => Member | undefined,
): Promise<void> {
  await modify(deps.context.store, { kind: members, scope, id: memberId }, change)
}

export function mayBecome(member: Member, next: LifecycleState): boolean {
  const following: readonly LifecycleState[] = lifecycleTransitions[member.lifecycle]
  return following.includes(next)
}

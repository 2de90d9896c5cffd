import type { StoredRecord } from '../store/records.ts'
import { activityEvent, changeActivity, ended } from './activities.ts'
import { changeMember, finishMember, mayBecome, takeOutMembers } from './depart-members.ts'
import { removeBelongings } from './belongings.ts'
import { forgetAlarms } from './scaling-policies.ts'
import { beginHooks, expireHooks } from './lifecycle-hooks.ts'
import { unitsOf } from './domain/capacity.ts'
import type { Step } from './domain/steps.ts'
import { isPooled, isStaff } from './domain/views.ts'
import { setAside } from './standby.ts'
import {
  drawMembers,
  enterPool,
  removePool,
  returnMembers,
  startDrawn,
  stopPrepared,
} from './warm-members.ts'
import { members, type Group, type Member } from './group.ts'
import { holdGroup, launchMembers, resumeLaunches } from './launch-members.ts'
import type { GroupSight } from './observe-group.ts'
import type { ScaleDeps } from './scale.ts'

/** Steps of different members side by side: as many as a store's connections serve well. */
const batchSize = 8

type StepOf<Type extends Step['type']> = Extract<Step, { type: Type }>

/**
 * Does what was planned. Steps of one kind go together; each may be repeated after a crash at any point. Trouble with one member
 * does not keep the others waiting; it is thrown at the end, so that the loop comes back.
 */
export async function carryOut(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  sight: GroupSight,
  steps: readonly Step[],
): Promise<{ isWaiting: boolean }> {
  const staff = unitsOf(sight.members.filter((member) => isStaff(member.lifecycle)))
  const of = <Type extends Step['type']>(type: Type) =>
    steps.filter((step): step is StepOf<Type> => step.type === type)
  const trouble: unknown[] = []
  const attempt = (work: Promise<unknown>) =>
    work.catch((thrown: unknown) => {
      trouble.push(thrown)
      return undefined
    })
  for (const step of of('mark-unhealthy')) await markUnhealthy(deps, record, step)
  await changeSizes(deps, record, sight, steps)
  const waiting = of('resume-launch').flatMap((step) => memberOf(sight, step)?.value ?? [])
  if (waiting.length > 0) await resumeLaunches(deps, record, waiting, staff)
  for (const step of of('set-aside')) await setAside(deps, record.scope, step.memberId)
  for (const step of of('begin-hooks')) await beginHooks(deps, record, step)
  for (const step of of('expire-hooks')) await expireHooks(deps, record.scope, step.memberId)
  const answers = await Promise.all(
    of('bring-in').map((step) => attempt(bringIn(deps, record, memberOf(sight, step)))),
  )
  const inBatches = async <S extends Step>(
    all: readonly S[],
    work: (step: S) => Promise<unknown>,
  ) => {
    for (let at = 0; at < all.length; at += batchSize) {
      await Promise.all(all.slice(at, at + batchSize).map((step) => attempt(work(step))))
    }
  }
  await inBatches(of('register'), (step) => register(deps, memberOf(sight, step), step))
  await inBatches(of('deregister'), (step) => deregister(deps, memberOf(sight, step), step))
  await inBatches(of('start'), (step) => withMember(sight, step, (one) => startDrawn(deps, one)))
  await inBatches(of('stop'), (step) => withMember(sight, step, (one) => stopPrepared(deps, one)))
  await inBatches(of('enter-pool'), (step) =>
    withMember(sight, step, (one) => enterPool(deps, record.value, one, step.as)),
  )
  let isHeld = false
  await inBatches(of('terminate'), async (step) => {
    const isLetGo = await mayTerminate(deps, record, memberOf(sight, step))
    if (isLetGo) return terminate(deps, sight, step)
    isHeld = true
  })
  await inBatches(of('finish'), (step) => finish(deps, record, memberOf(sight, step)))
  if (of('settle').length > 0) await settle(deps, record)
  if (of('remove-pool').length > 0) await removePool(deps, record.scope, record.id)
  if (of('remove-group').length > 0) await removeGroup(deps, record)
  if (trouble.length > 0) throw trouble[0]
  return { isWaiting: isHeld || answers.includes('wait') }
}

/** Departures, moves between group and pool, and launches, in this order: the group is never larger than planned in between. */
async function changeSizes(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  sight: GroupSight,
  steps: readonly Step[],
): Promise<void> {
  const of = <Type extends Step['type']>(type: Type) =>
    steps.filter((step): step is StepOf<Type> => step.type === type)
  const warm = new Set(
    sight.members.flatMap(({ memberId, lifecycle }) => (isPooled(lifecycle) ? [memberId] : [])),
  )
  const weights = new Map(sight.members.map(({ memberId, weight }) => [memberId, weight]))
  const unitsIn = (moved: readonly { memberId: string }[]): number =>
    moved.reduce((sum, { memberId }) => sum + (weights.get(memberId) ?? 1), 0)
  let staff = unitsOf(sight.members.filter((member) => isStaff(member.lifecycle)))
  let pooled = warm.size
  const departures = Object.groupBy(of('take-out'), ({ memberId }) =>
    warm.has(memberId) ? 'pool' : 'group',
  )
  if (departures.pool) await takeOutMembers(deps, record, departures.pool, pooled)
  pooled -= departures.pool?.length ?? 0
  if (departures.group) await takeOutMembers(deps, record, departures.group, staff)
  staff -= unitsIn(departures.group ?? [])
  const returns = of('return').map(({ memberId }) => memberId)
  if (returns.length > 0) await returnMembers(deps, record, returns, staff)
  staff -= returns.length
  const draws = of('draw')
  if (draws.length > 0) await drawMembers(deps, record, draws, staff)
  staff += draws.length
  const launches = Object.groupBy(of('launch'), ({ why }) => (why === 'pool' ? 'pool' : 'group'))
  if (launches.group) await launchMembers(deps, record, launches.group, staff)
  if (launches.pool) await launchMembers(deps, record, launches.pool, pooled)
}

async function withMember(
  sight: GroupSight,
  step: { memberId: string },
  work: (member: StoredRecord<Member>) => Promise<void>,
): Promise<void> {
  const member = memberOf(sight, step)
  if (member) await work(member)
}

function memberOf(sight: GroupSight, step: { memberId: string }): StoredRecord<Member> | undefined {
  return sight.records.get(step.memberId)
}

async function markUnhealthy(
  deps: ScaleDeps,
  { scope }: StoredRecord<Group>,
  step: StepOf<'mark-unhealthy'>,
): Promise<void> {
  await changeMember(deps, scope, step.memberId, (member) =>
    member.health === 'Healthy'
      ? { ...member, health: 'Unhealthy', unhealthyReason: step.why }
      : undefined,
  )
}

/** Asks those who subscribed to launches; when all agree the instance is in service. */
async function bringIn(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  member: StoredRecord<Member> | undefined,
): Promise<'done' | 'wait'> {
  const instanceId = member?.value.instanceId
  if (!member || !instanceId) return 'done'
  const { scope, value: group } = record
  // Whoever comes back from standby or was attached is not a launch.
  const subscribers = isUnheld(member.value) ? [] : deps.subscribers
  for (const subscriber of subscribers) {
    const { launchActivityId } = member.value
    const answer = await subscriber.onLaunch(scope, group.name, instanceId, launchActivityId)
    if (answer === 'wait') return 'wait'
    if (answer === 'abandon') {
      await changeMember(deps, scope, member.id, (value) =>
        value.lifecycle === 'Pending'
          ? { ...value, health: 'Unhealthy', unhealthyReason: 'abandoned' }
          : undefined,
      )
      return 'done'
    }
  }
  await enterService(deps, group, member)
  return 'done'
}

async function enterService(
  deps: ScaleDeps,
  group: Group,
  member: StoredRecord<Member>,
): Promise<void> {
  const { store, clock, events } = deps.context
  const at = clock.now()
  const { launchActivityId: activityId, instanceId = '' } = member.value
  await store.transaction(async (records) => {
    const current = await records.find(members, member.scope, member.id)
    if (!current || !mayBecome(current.value, 'InService')) return
    await records.update(current, {
      ...current.value,
      lifecycle: 'InService',
      inServiceAt: at,
      isRebalancing: false,
      warm: undefined,
    })
    await changeActivity(records, member.scope, activityId, ended('Successful', at))
  })
  if (isUnheld(member.value)) return
  events.publish(
    activityEvent(member.scope, group, {
      detailType: 'EC2 Instance Launch Successful',
      activityId,
      instanceId,
      at,
    }),
  )
}

function isUnheld({ hooks }: Member): boolean {
  return hooks?.transition === 'launching' && hooks.waits.length === 0
}

async function register(
  deps: ScaleDeps,
  member: StoredRecord<Member> | undefined,
  { targetGroupArn }: StepOf<'register'>,
): Promise<void> {
  const instanceId = member?.value.instanceId
  if (!member || !instanceId) return
  await deps.targets.register(member.scope, targetGroupArn, [{ targetId: instanceId }])
  await changeMember(deps, member.scope, member.id, (value) =>
    value.lifecycle !== 'InService'
      ? undefined
      : {
          ...value,
          registeredIn: [...without(value.registeredIn, targetGroupArn), targetGroupArn],
          drainingFrom: without(value.drainingFrom, targetGroupArn),
        },
  )
}

async function deregister(
  deps: ScaleDeps,
  member: StoredRecord<Member> | undefined,
  { targetGroupArn }: StepOf<'deregister'>,
): Promise<void> {
  const instanceId = member?.value.instanceId
  if (!member || !instanceId) return
  const targets = await deps.targets.list(member.scope, targetGroupArn)
  if (targets?.some((target) => target.targetId === instanceId)) {
    await deps.targets.deregister(member.scope, targetGroupArn, [{ targetId: instanceId }])
  }
  await changeMember(deps, member.scope, member.id, (value) => ({
    ...value,
    registeredIn: without(value.registeredIn, targetGroupArn),
    drainingFrom: [...without(value.drainingFrom, targetGroupArn), targetGroupArn],
  }))
}

async function finish(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  member: StoredRecord<Member> | undefined,
): Promise<void> {
  if (member) await finishMember(deps, record.value, member)
}

/** No subscriber holds a leaving instance for longer. */
const terminationHoldMillisecondsMax = 3_600_000

/** Asks those who want a last word with an instance that runs: all of them must let it go. */
async function mayTerminate(
  deps: ScaleDeps,
  { scope, value: group }: StoredRecord<Group>,
  member: StoredRecord<Member> | undefined,
): Promise<boolean> {
  const { instanceId, terminatingAt, warm } = member?.value ?? {}
  const asked = deps.subscribers.flatMap(({ onTermination }) => onTermination ?? [])
  // An instance of the warm pool was never in service.
  if (!instanceId || group.isDeleting || warm === 'leaving' || asked.length === 0) return true
  const now = deps.context.clock.now()
  if (now > (terminatingAt ?? now) + terminationHoldMillisecondsMax) return true
  const instance = await deps.instances.find(scope, instanceId)
  if (instance?.value.state !== 'running') return true
  for (const onTermination of asked) {
    if ((await onTermination(scope, group.name, instanceId)) === 'wait') return false
  }
  return true
}

/** An instance's own protection (DisableApiTermination) holds off users, not its group, as on AWS. */
async function terminate(
  deps: ScaleDeps,
  sight: GroupSight,
  step: StepOf<'terminate'>,
): Promise<void> {
  const member = sight.members.find(({ memberId }) => memberId === step.memberId)
  const scope = memberOf(sight, step)?.scope
  if (!member?.instanceId || !scope) return
  const instance = await deps.instances.find(scope, member.instanceId)
  if (instance?.value.isProtected) {
    await deps.instances.change(scope, instance.id, (value) => ({
      ...value,
      isProtected: false,
    }))
  }
  await deps.instances.terminate(scope, member.instanceId)
}

/** Writes over the group only as it was read: a wish that came since keeps its cause. */
async function settle(deps: ScaleDeps, record: StoredRecord<Group>): Promise<void> {
  const { requestCause: _cause, launchNotBefore: _pause, ...rest } = record.value
  await deps.context.store.update(record, { ...rest, launchFailures: 0 })
}

async function removeGroup(deps: ScaleDeps, record: StoredRecord<Group>): Promise<void> {
  const policies = await deps.context.store.transaction(async (records) => {
    await holdGroup(records, record)
    await records.remove(record)
    return removeBelongings(records, record.scope, record.id)
  })
  for (const policy of policies) await forgetAlarms(deps, record.scope, policy)
  deps.context.log.write('info', 'auto scaling group deleted', { group: record.id })
}

function without(arns: readonly string[], arn: string): readonly string[] {
  return arns.filter((other) => other !== arn)
}

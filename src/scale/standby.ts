import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Records, StoredRecord } from '../store/records.ts'
import { beginActivity, changeActivity, ended } from './activities.ts'
import { mayBecome } from './depart-members.ts'
import { moveCause, type Sizes } from './domain/causes.ts'
import { unheld } from './domain/hooks.ts'
import { isPlaced } from './domain/zones.ts'
import { groups, members, type Activity, type Group, type Member } from './group.ts'
import { retried } from './retried.ts'
import type { ScaleDeps } from './scale.ts'
import { isWeighted, policyOf, weightOfAll } from './weights.ts'

export interface MoveRequest {
  readonly groupName: string
  readonly instanceIds: readonly string[]
}

export type MoveAnswer =
  | { readonly ok: true; readonly activities: readonly Activity[] }
  | {
      readonly ok: false
      readonly reason:
        | 'unknown-group'
        | 'unknown'
        | 'wrong-state'
        | 'size'
        | 'elsewhere'
        | 'zone'
        | 'weightless'
      readonly instanceId?: string
      /** The machine's, of one that cannot be attached. */
      readonly state?: string
    }

/** Instances that come and go by the hand of users. Each is one write; draining follows. */
export interface StandbyRequests {
  enterStandby(scope: Scope, move: MoveRequest & { readonly shrink: boolean }): Promise<MoveAnswer>
  /** The desired capacity grows by them. */
  exitStandby(scope: Scope, move: MoveRequest): Promise<MoveAnswer>
  /** They leave the group and go on running. */
  detach(scope: Scope, move: MoveRequest & { readonly shrink: boolean }): Promise<MoveAnswer>
  /** Running instances of no group join it; the desired capacity grows by them. */
  attach(scope: Scope, move: MoveRequest): Promise<MoveAnswer>
}

const groupTag = 'aws:autoscaling:groupName'

export function standbyRequests(deps: ScaleDeps): StandbyRequests {
  return {
    enterStandby: (scope, move) =>
      moveMembers(deps, scope, move, {
        description: 'Moving EC2 instance to Standby',
        what: 'moved to standby',
        change: move.shrink ? -1 : 0,
        from: ['InService'],
        moved: (member, activityId) => ({
          ...member,
          lifecycle: 'EnteringStandby',
          terminateActivityId: activityId,
        }),
      }),
    exitStandby: (scope, move) =>
      moveMembers(deps, scope, move, {
        description: 'Moving EC2 instance out of Standby',
        what: 'moved out of standby',
        change: 1,
        from: ['Standby'],
        moved: (member, activityId) => ({
          ...member,
          lifecycle: 'Pending',
          launchActivityId: activityId,
          hooks: unheld,
          registeredIn: [],
          drainingFrom: [],
        }),
      }),
    detach: (scope, move) =>
      moveMembers(deps, scope, move, {
        description: 'Detaching EC2 instance',
        what: 'detached',
        change: move.shrink ? -1 : 0,
        from: ['InService', 'Standby'],
        moved: (member, activityId) => ({
          ...member,
          lifecycle: 'Detaching',
          terminateActivityId: activityId,
        }),
      }),
    attach: (scope, move) => attach(deps, scope, move),
  }
}

interface Move {
  readonly description: string
  readonly what: Parameters<typeof moveCause>[0]
  /** What each does to the desired capacity. */
  readonly change: -1 | 0 | 1
  readonly from: readonly Member['lifecycle'][]
  moved(member: Member, activityId: string): Member
}

/** Rolls the transaction back with an answer. */
class Unmoved extends Error {
  override readonly name = 'Unmoved'
  readonly answer: MoveAnswer

  constructor(answer: MoveAnswer) {
    super('not moved')
    this.answer = answer
  }
}

async function answered(work: () => Promise<MoveAnswer>): Promise<MoveAnswer> {
  try {
    return await retried(work)
  } catch (thrown) {
    if (thrown instanceof Unmoved) return thrown.answer
    throw thrown
  }
}

async function moveMembers(
  deps: ScaleDeps,
  scope: Scope,
  { groupName, instanceIds }: MoveRequest,
  move: Move,
): Promise<MoveAnswer> {
  return answered(() =>
    deps.context.store.transaction(async (records) => {
      const staff = await records.list(members, scope, { owner: groupName })
      const chosen = instanceIds.map((instanceId) => {
        const member = staff.find(({ value }) => value.instanceId === instanceId)
        if (!member) throw new Unmoved({ ok: false, reason: 'unknown', instanceId })
        if (!move.from.includes(member.value.lifecycle)) {
          throw new Unmoved({ ok: false, reason: 'wrong-state', instanceId })
        }
        return member
      })
      // A detached instance that stood by is not counted, so that nothing shrinks for it.
      const counted = chosen
        .map(({ value }) => value)
        .filter(({ lifecycle }) => move.change > 0 || lifecycle === 'InService')
      const resized = await resize(
        records,
        scope,
        groupName,
        (group) => move.change * weightOfAll(group, counted),
      )
      const activities: Activity[] = []
      for (const member of chosen) {
        const activityId = uuid(deps.context.random)
        const next = move.moved(member.value, activityId)
        if (!mayBecome(member.value, next.lifecycle)) continue
        await records.update(member, next)
        activities.push(
          await tell(deps, records, { scope, ...resized, member: next, move, activityId }),
        )
      }
      return { ok: true, activities }
    }),
  )
}

/** The group with its new desired capacity; the sizes only when it changes. */
async function resize(
  records: Records,
  scope: Scope,
  groupName: string,
  change: (group: Group) => number,
): Promise<{ group: Group; sizes: Sizes | undefined }> {
  const record = await records.find(groups, scope, groupName)
  if (!record || record.value.isDeleting) {
    throw new Unmoved({ ok: false, reason: 'unknown-group' })
  }
  const { minSize, maxSize, desiredCapacity: from } = record.value
  const by = change(record.value)
  const to = from + by
  if (by !== 0 && (to < minSize || to > maxSize)) throw new Unmoved({ ok: false, reason: 'size' })
  const group = { ...record.value, desiredCapacity: to }
  await records.update(record, group)
  return { group, sizes: by === 0 ? undefined : { from, to } }
}

async function tell(
  deps: ScaleDeps,
  records: Records,
  told: {
    scope: Scope
    group: Group
    sizes: Sizes | undefined
    member: Member
    move: Pick<Move, 'description' | 'what'>
    activityId: string
  },
): Promise<Activity> {
  const { scope, group, sizes, member, move, activityId } = told
  const at = deps.context.clock.now()
  const instanceId = member.instanceId ?? ''
  return beginActivity(records, scope, group, {
    member,
    activityId,
    description: `${move.description}: ${instanceId}`,
    cause: moveCause(move.what, at, instanceId, sizes),
    startTime: at,
  })
}

async function attach(
  deps: ScaleDeps,
  scope: Scope,
  { groupName, instanceIds }: MoveRequest,
): Promise<MoveAnswer> {
  const answer = await answered(() =>
    deps.context.store.transaction(async (records) => {
      const joining = await Promise.all(
        instanceIds.map(async (id) => (await deps.instances.find(scope, id))?.value ?? {}),
      )
      const resized = await resize(records, scope, groupName, (group) =>
        weightOfAll(group, joining),
      )
      const all = await records.list(members, scope)
      const activities: Activity[] = []
      for (const instanceId of new Set(instanceIds)) {
        if (all.some(({ value }) => value.instanceId === instanceId)) {
          throw new Unmoved({ ok: false, reason: 'elsewhere', instanceId })
        }
        const activityId = uuid(deps.context.random)
        const member = await newMember(deps, scope, {
          group: resized.group,
          instanceId,
          activityId,
        })
        await records.insert(members, { scope, id: member.memberId, owner: groupName }, member)
        const move = {
          description: 'Attaching an existing EC2 instance',
          what: 'attached',
        } as const
        activities.push(await tell(deps, records, { scope, ...resized, member, move, activityId }))
      }
      return { ok: true, activities }
    }),
  )
  if (answer.ok) {
    for (const instanceId of instanceIds) {
      await deps.instances.setTags(scope, instanceId, (tags) => [
        ...tags.filter(({ Key }) => Key !== groupTag),
        { Key: groupTag, Value: groupName },
      ])
    }
  }
  return answer
}

async function newMember(
  deps: ScaleDeps,
  scope: Scope,
  joining: { group: Group; instanceId: string; activityId: string },
): Promise<Member> {
  const { group, instanceId, activityId } = joining
  const found = await deps.instances.find(scope, instanceId)
  if (!found || found.value.state === 'terminated') {
    throw new Unmoved({ ok: false, reason: 'unknown', instanceId })
  }
  const { zone, subnetId, imageId, instanceType, state, spot } = found.value
  if (state !== 'running') {
    throw new Unmoved({ ok: false, reason: 'wrong-state', instanceId, state })
  }
  const listed = policyOf(group)?.overrides ?? []
  const isStrange = isWeighted(group) && !listed.some((each) => each.instanceType === instanceType)
  if (isStrange) throw new Unmoved({ ok: false, reason: 'weightless', instanceId })
  const place =
    group.places.find((each) => isPlaced({ places: [each] }, { zone, subnetId })) ??
    group.places.find((each) => each.zone === zone)
  if (!place) throw new Unmoved({ ok: false, reason: 'zone', instanceId })
  return {
    memberId: uuid(deps.context.random),
    groupName: group.name,
    zone,
    subnetId: place.subnetId,
    instanceId,
    imageId,
    instanceType,
    market: spot ? 'spot' : 'on-demand',
    lifecycle: 'Pending',
    health: 'Healthy',
    isProtected: group.newInstancesProtected,
    isRebalancing: false,
    createdAt: deps.context.clock.now(),
    launchActivityId: activityId,
    registeredIn: [],
    drainingFrom: [],
    hooks: unheld,
  }
}

/** The draining of a member is over: it stands by, or is let go. */
export async function setAside(deps: ScaleDeps, scope: Scope, memberId: string): Promise<void> {
  const { store, clock } = deps.context
  const at = clock.now()
  const record = await store.find(members, scope, memberId)
  if (record?.value.lifecycle === 'Detaching') await forgetGroup(deps, scope, record)
  await store.transaction(async (records) => {
    const current = await records.find(members, scope, memberId)
    if (!current) return
    const { lifecycle, terminateActivityId } = current.value
    if (lifecycle === 'Detaching') await records.remove(current)
    else if (lifecycle === 'EnteringStandby') {
      await records.update(current, { ...current.value, lifecycle: 'Standby', drainingFrom: [] })
    } else return
    if (terminateActivityId) {
      await changeActivity(records, scope, terminateActivityId, ended('Successful', at))
    }
  })
}

/** The instance carries the group's name no longer. */
async function forgetGroup(
  deps: ScaleDeps,
  scope: Scope,
  { value }: StoredRecord<Member>,
): Promise<void> {
  const instanceId = value.instanceId ?? ''
  if (!(await deps.instances.find(scope, instanceId))) return
  await deps.instances.setTags(scope, instanceId, (tags) =>
    tags.filter(({ Key }) => Key !== groupTag),
  )
}

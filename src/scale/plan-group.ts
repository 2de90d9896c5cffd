import { asideSteps, departureSteps, hookSteps } from './domain/departure-steps.ts'
import { illnessOf, isGone } from './domain/member-health.ts'
import { chooseTermination } from './domain/choose-termination.ts'
import { chooseLaunch, marketToLeave, unitsOf } from './domain/capacity.ts'
import { chooseWarm, isDrawable, mayReturn, poolSteps } from './domain/plan-pool.ts'
import { planReplacements, type Replacements } from './domain/replace-members.ts'
import { restSteps } from './domain/rest-steps.ts'
import type { Step } from './domain/steps.ts'
import {
  isAside,
  isPooled,
  isStaff,
  type GroupView,
  type LaunchChoice,
  type LaunchReason,
  type MemberView,
  type ReplacementView,
  type TakeOutReason,
} from './domain/views.ts'
import { emptiestPlace } from './domain/zones.ts'

/** Launches in one pass: enough to fill a large group in a few passes, few enough to notice that they fail. */
const launchesPerPassMax = 20
/** Instances put out of service in one pass by the user's own wish to shrink or delete. */
const departuresPerPassMax = 20
/**
 * What to do next for a group, from what it should be, what was seen and the time. It never acts on a member of which nothing is
 * known but to count it, never goes beyond the maximum (with weights: by less than the heaviest weighs), and takes out at most a third of the group at a time for its
 * health while the machines live: a health check that fails everywhere is more often wrong than right.
 */
export function planGroup(
  group: GroupView,
  members: readonly MemberView[],
  now: number,
): readonly Step[] {
  const leaving = members.filter((member) => member.lifecycle === 'Terminating')
  const aside = members.filter((member) => isAside(member.lifecycle))
  const steps = leaving.flatMap((member) => departureSteps(group, member, now))
  const ended = group.isDeleting ? [] : endedOnStandby(group, aside)
  steps.push(...ended.map((member) => takeOut(member, 'refresh')))
  steps.push(...aside.filter((member) => !ended.includes(member)).flatMap(asideSteps))
  const staff = members.filter((member) => isStaff(member.lifecycle))
  const pooled = members.filter((member) => isPooled(member.lifecycle))
  if (group.isDeleting) {
    const stays = aside.filter((member) => member.lifecycle !== 'Detaching')
    const ends = [...staff, ...stays, ...pooled]
    steps.push(...ends.slice(0, departuresPerPassMax).map((member) => takeOut(member, 'delete')))
    if (members.length === 0) steps.push({ type: 'remove-group' })
    return steps
  }
  const { ill, kept } = partIll(group, { staff, leaving }, now)
  steps.push(...ill.marks, ...ill.departures)
  const replacement = replacementOf(group, ill.inTurn)
  const turn = replacement && planReplacements(group, replacement, kept, now)
  const going = new Set(turn?.departures)
  const whyOf = (member: MemberView) => replacement?.old.get(member.memberId) ?? 'refresh'
  steps.push(...[...going].map((member) => takeOut(member, whyOf(member))))
  const left = kept.filter((member) => !going.has(member))
  const capacity = capacitySteps(group, left, {
    now,
    pooled,
    replacements: ill.departures.length,
    replacement,
    turn,
  })
  steps.push(...capacity)
  const departing = new Set(capacity.map((step) => ('memberId' in step ? step.memberId : '')))
  for (const member of left) {
    if (!departing.has(member.memberId)) steps.push(...serviceSteps(group, member, now))
  }
  // The group itself comes first; the pool is looked at again once it has moved.
  if (!capacity.some(({ type }) => type === 'launch' || type === 'draw' || type === 'return')) {
    steps.push(...poolSteps(group, { pooled, staff: left, leaving, now }))
  }
  if (steps.length > 0 || leaving.length > 0) return steps
  return restSteps(group, left, pooled, replacement)
}

/** Of those that stand by: whom a refresh was told to end. */
function endedOnStandby(group: GroupView, aside: readonly MemberView[]): readonly MemberView[] {
  if (group.suspended.includes('Terminate')) return []
  return aside.filter(
    ({ memberId, lifecycle }) =>
      lifecycle === 'Standby' && group.replacement?.standby?.has(memberId),
  )
}

/** What the group replaces in any case, and of the unhealthy those that its maintenance policy replaces in turn. */
function replacementOf(
  group: GroupView,
  inTurn: ReadonlyMap<string, TakeOutReason>,
): ReplacementView | undefined {
  const { replacement, maintenance } = group
  if (inTurn.size === 0 || !maintenance) return replacement
  if (replacement) return { ...replacement, old: new Map([...replacement.old, ...inTurn]) }
  return { ...maintenance, old: inTurn, warmupMilliseconds: 0, newPercentMax: 100 }
}

/** Parts the unhealthy, marks them, and takes out as many as may go now. */
function partIll(
  group: GroupView,
  { staff, leaving }: { staff: readonly MemberView[]; leaving: readonly MemberView[] },
  now: number,
): {
  ill: { marks: Step[]; departures: Step[]; inTurn: ReadonlyMap<string, TakeOutReason> }
  kept: MemberView[]
} {
  const inTurn = new Map<string, TakeOutReason>()
  const marks: Step[] = []
  const departures: Step[] = []
  const kept: MemberView[] = []
  const mayReplace =
    !group.suspended.includes('ReplaceUnhealthy') && !group.suspended.includes('Terminate')
  let aliveMax = Math.max(1, Math.floor(group.desiredCapacity / 3))
  aliveMax -= unitsOf(leaving.filter((member) => !isGone(member)))
  for (const member of staff) {
    const why = illnessOf(group, member, now)
    const gone = isGone(member)
    if (why && member.isHealthy)
      marks.push({ type: 'mark-unhealthy', memberId: member.memberId, why })
    const isKnown = member.instance.state !== 'unknown'
    const goes = why !== undefined && mayReplace && isKnown && (gone || aliveMax > 0)
    const waits = goes && !gone && group.maintenance !== undefined
    if (waits) inTurn.set(member.memberId, why)
    if (goes && !gone) aliveMax -= member.weight
    if (!goes || waits) {
      kept.push(member)
      continue
    }
    departures.push(takeOut(member, why))
  }
  return { ill: { marks, departures, inTurn }, kept }
}

interface CapacityWish {
  readonly now: number
  /** Members of the warm pool. */
  readonly pooled: readonly MemberView[]
  /** Of those just taken out for their health. */
  readonly replacements: number
  readonly replacement: ReplacementView | undefined
  readonly turn: Replacements | undefined
}

function capacitySteps(
  group: GroupView,
  staff: readonly MemberView[],
  { now, pooled, replacements, replacement, turn }: CapacityWish,
): Step[] {
  const extra = staff.filter((member) => member.isRebalancing && member.lifecycle === 'Pending')
  const all = unitsOf(staff)
  // Those fill what is missing; beyond it they are let be until they serve.
  const size = Math.max(all - unitsOf(extra), Math.min(all, group.desiredCapacity))
  const surplus = size - (turn?.sizeMax ?? group.desiredCapacity)
  if (surplus > 0) {
    return shrinkSteps(group, staff, { surplus, first: replacement?.old, pooled: pooled.length })
  }
  const { extra: more = 0 } = turn ?? {}
  // Weights may pass the desired capacity already.
  const target = more > 0 ? Math.max(group.desiredCapacity, size) + more : group.desiredCapacity
  const difference = target - size
  const room = Math.min(difference, group.maxSize + (replacement?.overMax ?? 0) - all)
  if (room <= 0 || !mayLaunch(group, now)) return []
  const inTurn = replacements + (turn ? turn.departures.length + turn.extra : 0)
  const reasons = new Set(replacement?.old.values())
  const steps: Step[] = []
  const counted = [...staff]
  let drawable = pooled.filter((member) => isDrawable(group, member))
  for (let filled = 0; filled < room && steps.length < launchesPerPassMax;) {
    const made = steps.length
    const turnReason = (['refresh', 'spot'] as const).find((each) => reasons.has(each))
    const inTurnWhy: LaunchReason = (made < inTurn ? turnReason : undefined) ?? 'capacity'
    const why: LaunchReason = made < replacements ? 'replacement' : inTurnWhy
    // One whose capacity goes leaves its place to the one that is launched for it.
    const place = emptiestPlace(
      group,
      counted.filter((member) => replacement?.old.get(member.memberId) !== 'spot'),
    )
    if (!place) break
    const warm = chooseWarm(drawable, counted, place.zone)
    const staying = counted.filter((member) => !replacement?.old.has(member.memberId))
    const choice = warm ? undefined : chooseLaunch(group, staying)
    steps.push(drawn(warm, why) ?? { type: 'launch', place, why, ...(choice && { choice }) })
    drawable = drawable.filter((member) => member !== warm)
    const next = warm ? imagined(counted, warm) : imagined(counted, place, choice)
    counted.push(next)
    filled += next.weight
  }
  return steps
}

function drawn(warm: MemberView | undefined, why: LaunchReason): Step | undefined {
  return warm && { type: 'draw', memberId: warm.memberId, why }
}

/** Those that are to be replaced anyway leave first. Nobody leaves who is heavier than the surplus: the capacity stays at what is desired. */
function shrinkSteps(
  group: GroupView,
  staff: readonly MemberView[],
  {
    surplus,
    first,
    pooled,
  }: { surplus: number; first: ReadonlyMap<string, unknown> | undefined; pooled: number },
): Step[] {
  if (group.suspended.includes('Terminate')) return []
  const steps: Step[] = []
  let left = [...staff]
  let spare = surplus
  while (spare > 0 && steps.length < departuresPerPassMax) {
    const chosen = chooseLeaver(group, left, spare, first)
    if (!chosen) break
    spare -= chosen.weight
    const returned = steps.filter((step) => step.type === 'return').length
    const returns = !first?.has(chosen.memberId) && mayReturn(group, chosen, pooled + returned)
    steps.push(
      returns ? { type: 'return', memberId: chosen.memberId } : takeOut(chosen, 'scale-in'),
    )
    left = left.filter((member) => member !== chosen)
  }
  return steps
}

function chooseLeaver(
  group: GroupView,
  left: readonly MemberView[],
  spare: number,
  first: ReadonlyMap<string, unknown> | undefined,
): MemberView | undefined {
  const old = first ? left.filter((member) => first.has(member.memberId)) : []
  const market = marketToLeave(group, left)
  // One that is to even out the group is what another leaves for.
  const fits = ({ weight, isRebalancing, lifecycle }: MemberView): boolean =>
    weight <= spare && !(isRebalancing && lifecycle === 'Pending')
  const replaced = new Set(
    left.flatMap(({ lifecycle, replaces }) => (lifecycle === 'InService' ? (replaces ?? []) : [])),
  )
  return (
    chooseTermination(group, left, (one) => fits(one) && replaced.has(one.memberId)) ??
    chooseTermination(group, old, fits) ??
    chooseTermination(group, left, (one) => fits(one) && one.market === (market ?? one.market)) ??
    chooseTermination(group, left, fits)
  )
}

/** From launched to in service, and into and out of target groups as they are attached and detached. */
function serviceSteps(group: GroupView, member: MemberView, now: number): Step[] {
  const { memberId, instance } = member
  if (member.lifecycle === 'Pending') {
    if (!member.isLaunched) {
      const isKnown = instance.state !== 'unknown'
      return isKnown && mayLaunch(group, now) ? [{ type: 'resume-launch', memberId }] : []
    }
    const phase = instance.state === 'present' ? instance.value : undefined
    if (!member.isHealthy) return []
    if (phase === 'stopped' && member.warm === 'drawn') return [{ type: 'start', memberId }]
    if (phase !== 'running') return []
    return hookSteps(group, member, 'launching', now) ?? [{ type: 'bring-in', memberId }]
  }
  const steps: Step[] = []
  if (!group.suspended.includes('AddToLoadBalancer')) {
    for (const targetGroupArn of group.targetGroupArns) {
      const isNew = !member.registeredIn.includes(targetGroupArn)
      if (isNew && !isGone(member)) steps.push({ type: 'register', memberId, targetGroupArn })
    }
  }
  for (const targetGroupArn of member.registeredIn) {
    if (!group.targetGroupArns.includes(targetGroupArn)) {
      steps.push({ type: 'deregister', memberId, targetGroupArn })
    }
  }
  return steps
}

function mayLaunch(group: GroupView, now: number): boolean {
  return !group.suspended.includes('Launch') && now >= group.launchNotBefore
}

function takeOut(member: MemberView, why: TakeOutReason): Step {
  return { type: 'take-out', memberId: member.memberId, why }
}

/** A member that this plan launches, for counting. */
function imagined(
  counted: readonly MemberView[],
  place: { zone: string; subnetId?: string | undefined },
  { instanceType, weight, market }: LaunchChoice = { weight: 1, market: 'on-demand' },
): MemberView {
  return {
    memberId: `planned-${counted.length}`,
    instanceId: undefined,
    isLaunched: false,
    zone: place.zone,
    subnetId: place.subnetId,
    instanceType,
    weight,
    market,
    lifecycle: 'Pending',
    isHealthy: true,
    unhealthyReason: undefined,
    isProtected: false,
    isRebalancing: false,
    createdAt: 0,
    inServiceAt: undefined,
    terminatingAt: undefined,
    launchTemplateId: undefined,
    templateVersion: 0,
    registeredIn: [],
    drainingFrom: [],
    hooks: undefined,
    instance: { state: 'absent' },
    targets: {},
  }
}

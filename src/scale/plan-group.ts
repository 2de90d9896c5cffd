import { hooksPhase, nextDeadline, type HookTransition } from './domain/hooks.ts'
import { illnessOf, isGone } from './domain/member-health.ts'
import { chooseTermination } from './domain/choose-termination.ts'
import type { Step } from './domain/steps.ts'
import type { GroupView, LaunchReason, MemberView, TakeOutReason } from './domain/views.ts'
import { emptiestPlace, isPlaced, isUneven } from './domain/zones.ts'

/** Launches in one pass: enough to fill a large group in a few passes, few enough to notice that they fail. */
const launchesPerPassMax = 20
/** Instances put out of service in one pass by the user's own wish to shrink or delete. */
const departuresPerPassMax = 20
/** A load balancer drains for an hour at most; after that nobody is waited for. */
const drainMillisecondsMax = 3_600_000 + 60_000

/**
 * What to do next for a group, from what it should be, what was seen and the time. It never acts on a member of which nothing is
 * known but to count it, never goes beyond the maximum, and takes out at most a third of the group at a time for its
 * health while the machines live: a health check that fails everywhere is more often wrong than right.
 */
export function planGroup(
  group: GroupView,
  members: readonly MemberView[],
  now: number,
): readonly Step[] {
  const leaving = members.filter((member) => member.lifecycle === 'Terminating')
  const steps = leaving.flatMap((member) => departureSteps(group, member, now))
  const staff = members.filter((member) => member.lifecycle !== 'Terminating')
  if (group.isDeleting) {
    steps.push(...staff.slice(0, departuresPerPassMax).map((member) => takeOut(member, 'delete')))
    if (members.length === 0) steps.push({ type: 'remove-group' })
    return steps
  }
  const { ill, kept } = partIll(group, { staff, leaving }, now)
  steps.push(...ill.marks, ...ill.departures)
  const capacity = capacitySteps(group, kept, { now, replacements: ill.departures.length })
  steps.push(...capacity)
  const departing = new Set(capacity.map((step) => ('memberId' in step ? step.memberId : '')))
  for (const member of kept) {
    if (!departing.has(member.memberId)) steps.push(...serviceSteps(group, member, now))
  }
  if (steps.length > 0 || leaving.length > 0) return steps
  return restSteps(group, kept)
}

/** Drain, wait for hooks, terminate, record. A machine that is gone does not drain. */
function departureSteps(group: GroupView, member: MemberView, now: number): Step[] {
  const { memberId, instance } = member
  if (instance.state === 'unknown') return []
  const steps: Step[] = member.registeredIn.map((targetGroupArn) => ({
    type: 'deregister',
    memberId,
    targetGroupArn,
  }))
  const isOver = instance.state === 'absent' || instance.value === 'gone'
  const isOverdue = now > (member.terminatingAt ?? now) + drainMillisecondsMax
  const isDrained =
    member.registeredIn.length === 0 &&
    member.drainingFrom.every((arn) => member.targets[arn]?.state === 'absent')
  if (!isDrained && !isOverdue && !isOver && !isGone(member)) return steps
  const held = hookSteps(group, member, 'terminating', now)
  if (held) return [...steps, ...held]
  if (isOver) return [...steps, { type: 'finish', memberId }]
  return instance.value === 'ending' ? steps : [...steps, { type: 'terminate', memberId }]
}

/** What the hooks of a transition ask for now; undefined when none holds the member, or any longer. */
function hookSteps(
  group: GroupView,
  member: MemberView,
  transition: HookTransition,
  now: number,
): Step[] | undefined {
  if (group.isDeleting || !member.isLaunched) return undefined
  const { memberId, hooks } = member
  if (hooks?.transition !== transition) {
    return group.hooks.includes(transition)
      ? [{ type: 'begin-hooks', memberId, transition }]
      : undefined
  }
  if (hooksPhase(hooks) !== 'wait') return undefined
  const isDue = (nextDeadline(hooks) ?? now) <= now
  return isDue ? [{ type: 'expire-hooks', memberId }] : []
}

/** Parts the unhealthy, marks them, and takes out as many as may go now. */
function partIll(
  group: GroupView,
  { staff, leaving }: { staff: readonly MemberView[]; leaving: readonly MemberView[] },
  now: number,
): { ill: { marks: Step[]; departures: Step[] }; kept: MemberView[] } {
  const marks: Step[] = []
  const departures: Step[] = []
  const kept: MemberView[] = []
  const mayReplace =
    !group.suspended.includes('ReplaceUnhealthy') && !group.suspended.includes('Terminate')
  let aliveMax = Math.max(1, Math.floor(group.desiredCapacity / 3))
  aliveMax -= leaving.filter((member) => !isGone(member)).length
  for (const member of staff) {
    const why = illnessOf(group, member, now)
    const gone = isGone(member)
    if (why && member.isHealthy)
      marks.push({ type: 'mark-unhealthy', memberId: member.memberId, why })
    const isKnown = member.instance.state !== 'unknown'
    const goes = why !== undefined && mayReplace && isKnown && (gone || aliveMax > 0)
    if (!goes) {
      kept.push(member)
      continue
    }
    if (!gone) aliveMax--
    departures.push(takeOut(member, why))
  }
  return { ill: { marks, departures }, kept }
}

function capacitySteps(
  group: GroupView,
  staff: readonly MemberView[],
  { now, replacements }: { now: number; replacements: number },
): Step[] {
  const extra = staff.filter((member) => member.isRebalancing && member.lifecycle === 'Pending')
  const allowance = Math.min(extra.length, Math.max(0, group.maxSize - group.desiredCapacity))
  const difference = group.desiredCapacity - (staff.length - allowance)
  if (difference < 0) return shrinkSteps(group, staff, -difference)
  const room = Math.min(difference, group.maxSize - staff.length, launchesPerPassMax)
  if (room <= 0 || !mayLaunch(group, now)) return []
  const steps: Step[] = []
  const counted = [...staff]
  for (let made = 0; made < room; made++) {
    const why: LaunchReason = made < replacements ? 'replacement' : 'capacity'
    const place = emptiestPlace(group, counted)
    if (!place) break
    steps.push({ type: 'launch', place, why })
    counted.push(imagined(counted, place))
  }
  return steps
}

function shrinkSteps(group: GroupView, staff: readonly MemberView[], surplus: number): Step[] {
  if (group.suspended.includes('Terminate')) return []
  const steps: Step[] = []
  let left = [...staff]
  for (let gone = 0; gone < Math.min(surplus, departuresPerPassMax); gone++) {
    const chosen = chooseTermination(group, left)
    if (!chosen) break
    steps.push(takeOut(chosen, 'scale-in'))
    left = left.filter((member) => member !== chosen)
  }
  return steps
}

/** From launched to in service, and into and out of target groups as they are attached and detached. */
function serviceSteps(group: GroupView, member: MemberView, now: number): Step[] {
  const { memberId, instance } = member
  if (member.lifecycle === 'Pending') {
    if (!member.isLaunched) {
      const isKnown = instance.state !== 'unknown'
      return isKnown && mayLaunch(group, now) ? [{ type: 'resume-launch', memberId }] : []
    }
    const runs = instance.state === 'present' && instance.value === 'running'
    if (!runs || !member.isHealthy) return []
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

/** With everything in place: even out the zones, and note that the capacity is reached. */
function restSteps(group: GroupView, staff: readonly MemberView[]): Step[] {
  const isComplete =
    staff.length === group.desiredCapacity &&
    staff.every((member) => member.lifecycle === 'InService' && member.isHealthy)
  if (!isComplete) return []
  const settle: Step[] = group.isUnsettled ? [{ type: 'settle' }] : []
  const held = ['AZRebalance', 'Launch', 'Terminate'].some((name) => group.suspended.includes(name))
  if (held || !isUneven(group, staff)) return settle
  if (staff.some((member) => member.instance.state === 'unknown')) return settle
  const chosen = chooseTermination(group, staff)
  const place = emptiestPlace(group, staff)
  if (!chosen || !place) return settle
  const sizeOf = (zone: string) => staff.filter((member) => member.zone === zone).length
  const gains = !isPlaced(group, chosen) || sizeOf(chosen.zone) - sizeOf(place.zone) > 1
  if (!gains) return settle
  const launch: Step = { type: 'launch', place, why: 'rebalance' }
  if (staff.length < group.maxSize) return [...settle, launch]
  return [...settle, takeOut(chosen, 'rebalance'), launch]
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
): MemberView {
  return {
    memberId: `planned-${counted.length}`,
    instanceId: undefined,
    isLaunched: false,
    zone: place.zone,
    subnetId: place.subnetId,
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

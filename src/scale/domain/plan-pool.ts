import { deregistrations, hookSteps, isDrained } from './departure-steps.ts'
import { isGone, isStuck } from './member-health.ts'
import type { Step } from './steps.ts'
import type { GroupView, MemberView, PoolView, TakeOutReason } from './views.ts'
import { emptiestPlace, isPlaced } from './zones.ts'

/** Launches and departures of the pool in one pass: as many as the group's own. */
const changesPerPassMax = 20

/** How many instances a warm pool should hold: what is prepared beyond the desired capacity, and never fewer than its own minimum. */
export function poolSize(
  pool: Pick<PoolView, 'minSize' | 'preparedMax' | 'isDeleting'> | undefined,
  group: { readonly maxSize: number; readonly desiredCapacity: number },
): number {
  if (!pool || pool.isDeleting) return 0
  const prepared = (pool.preparedMax ?? group.maxSize) - group.desiredCapacity
  return Math.max(pool.minSize, prepared, 0)
}

/** Whether a member of the pool may serve at once: prepared, of the group's present make, its machine as it should be. */
export function isDrawable(group: GroupView, member: MemberView): boolean {
  const { pool, suspended } = group
  if (!pool || pool.isDeleting || suspended.includes('Launch')) return false
  if (!member.isHealthy || pool.outdated.has(member.memberId) || !isPlaced(group, member)) {
    return false
  }
  if (member.instance.state !== 'present') return false
  if (member.lifecycle === 'Warmed:Stopped') return member.instance.value === 'stopped'
  return member.lifecycle === 'Warmed:Running' && member.instance.value === 'running'
}

/** The next one to draw: of the zones in which the group has the fewest, else of any; the oldest first. */
export function chooseWarm(
  drawable: readonly MemberView[],
  staff: readonly MemberView[],
  zone: string | undefined,
): MemberView | undefined {
  const sizeOf = (member: MemberView) =>
    staff.filter((each) => each.zone === member.zone).length - (member.zone === zone ? 0.5 : 0)
  return drawable.toSorted(
    (a, b) =>
      sizeOf(a) - sizeOf(b) || a.createdAt - b.createdAt || (a.memberId < b.memberId ? -1 : 1),
  )[0]
}

/** Whether one that is no longer needed may go back to the pool instead of ending. */
export function mayReturn(group: GroupView, member: MemberView, pooled: number): boolean {
  const { pool } = group
  if (!pool?.reusesOnScaleIn || pool.outdated.has(member.memberId)) return false
  if (pooled >= poolSize(pool, group) || !isPlaced(group, member)) return false
  const { lifecycle, isHealthy, instance } = member
  const runs = instance.state === 'present' && instance.value === 'running'
  return lifecycle === 'InService' && isHealthy && runs
}

interface PoolScene {
  readonly pooled: readonly MemberView[]
  readonly staff: readonly MemberView[]
  /** Members that are on their way out. */
  readonly leaving: readonly MemberView[]
  readonly now: number
}

/** What to do next for the warm pool, beside what the group itself does: end, prepare, and fill up. */
export function poolSteps(group: GroupView, scene: PoolScene): Step[] {
  const { pooled, staff, leaving, now } = scene
  const { pool } = group
  if (!pool || pool.isDeleting) {
    const steps = pooled
      .filter((member) => member.instance.state !== 'unknown')
      .slice(0, changesPerPassMax)
      .map((member) => takeOut(member, 'delete'))
    const isEmpty = pooled.length === 0 && leaving.every((member) => member.warm !== 'leaving')
    return pool && isEmpty ? [{ type: 'remove-pool' }] : steps
  }
  const steps: Step[] = []
  let left = pooled.filter((member) => {
    const ends = endOf(group, pool, member, now)
    steps.push(...ends)
    return ends.every((step) => step.type !== 'take-out')
  })
  const surplus = left.length - poolSize(pool, group)
  if (surplus > 0 && !group.suspended.includes('Terminate')) {
    const gone = leastUseful(left, staff).slice(0, Math.min(surplus, changesPerPassMax))
    steps.push(...gone.map((member) => takeOut(member, 'pool')))
    left = left.filter((member) => !gone.includes(member))
  }
  for (const member of left) steps.push(...preparation(group, pool, member, now))
  return [...steps, ...refills(group, [...staff, ...left], -surplus, now)]
}

/** Why a member of the pool goes before its time, and its mark. */
function endOf(group: GroupView, pool: PoolView, member: MemberView, now: number): Step[] {
  const { memberId, instance } = member
  const why = illnessInPool(group, member, now)
  const steps: Step[] =
    why && why !== 'refresh' && member.isHealthy ? [{ type: 'mark-unhealthy', memberId, why }] : []
  const isOld = pool.outdated.has(memberId) || !isPlaced(group, member)
  const reason = why ?? (isOld ? 'refresh' : undefined)
  const held = why
    ? group.suspended.includes('ReplaceUnhealthy') || group.suspended.includes('Terminate')
    : group.suspended.includes('Terminate')
  const isKnown = instance.state !== 'unknown'
  return reason && !held && isKnown ? [...steps, takeOut(member, reason)] : steps
}

function illnessInPool(
  group: GroupView,
  member: MemberView,
  now: number,
): TakeOutReason | undefined {
  const { instance, lifecycle, warm } = member
  if (!member.isHealthy) return member.unhealthyReason ?? 'user-health'
  if (group.suspended.includes('HealthCheck')) return undefined
  if (isStuck(member, now)) return 'ec2-health'
  const phase = instance.state === 'present' ? instance.value : undefined
  // What the pool stops cannot be impaired, whatever it is at.
  if (phase === 'impaired' && lifecycle !== 'Warmed:Stopped' && warm !== 'stopping') {
    return 'ec2-status'
  }
  if (!isGone(member)) return undefined
  const isDown = phase === 'stopped' || phase === 'stopping'
  const mayBeDown = lifecycle === 'Warmed:Stopped' || warm === 'stopping'
  return isDown && mayBeDown ? undefined : 'ec2-health'
}

/** Those that are not ready go first, then those of the fullest zones, then the oldest. */
function leastUseful(
  pooled: readonly MemberView[],
  staff: readonly MemberView[],
): readonly MemberView[] {
  const ordered: MemberView[] = []
  let left = pooled.filter((member) => member.instance.state !== 'unknown')
  while (left.length > 0) {
    const here = [...staff, ...left]
    const sizeOf = (zone: string) => here.filter((member) => member.zone === zone).length
    const isPending = (member: MemberView) => Number(member.lifecycle === 'Warmed:Pending')
    const [next] = left.toSorted(
      (a, b) =>
        isPending(b) - isPending(a) ||
        sizeOf(b.zone) - sizeOf(a.zone) ||
        a.createdAt - b.createdAt ||
        (a.memberId < b.memberId ? -1 : 1),
    )
    if (!next) break
    ordered.push(next)
    left = left.filter((member) => member !== next)
  }
  return ordered
}

/** From launched to prepared: hooks first, then the state that the pool's machines wait in. */
function preparation(group: GroupView, pool: PoolView, member: MemberView, now: number): Step[] {
  const { memberId, instance, lifecycle, warm } = member
  const phase = instance.state === 'present' ? instance.value : undefined
  if (lifecycle === 'Warmed:Stopped') {
    return phase === 'running' || phase === 'impaired' ? [{ type: 'stop', memberId }] : []
  }
  if (lifecycle === 'Warmed:Running' || !member.isHealthy) return []
  if (!member.isLaunched) {
    const isKnown = instance.state !== 'unknown'
    const may = !group.suspended.includes('Launch') && now >= group.launchNotBefore
    return isKnown && may ? [{ type: 'resume-launch', memberId }] : []
  }
  if (warm === 'stopping') {
    if (phase === 'stopped') return [{ type: 'enter-pool', memberId, as: 'Warmed:Stopped' }]
    return phase === 'running' || phase === 'impaired' ? [{ type: 'stop', memberId }] : []
  }
  const leaves = deregistrations(member)
  if (phase !== 'running' || !isDrained(member)) return leaves
  const held = hookSteps(group, member, warm === 'returning' ? 'terminating' : 'launching', now)
  if (held) return held
  return pool.state === 'Stopped'
    ? [{ type: 'stop', memberId }]
    : [{ type: 'enter-pool', memberId, as: 'Warmed:Running' }]
}

function refills(
  group: GroupView,
  members: readonly MemberView[],
  missing: number,
  now: number,
): Step[] {
  if (group.suspended.includes('Launch') || now < group.launchNotBefore) return []
  const steps: Step[] = []
  const counted: Pick<MemberView, 'zone' | 'subnetId' | 'weight'>[] = [...members]
  for (let made = 0; made < Math.min(missing, changesPerPassMax); made++) {
    const place = emptiestPlace(group, counted)
    if (!place) break
    steps.push({ type: 'launch', place, why: 'pool' })
    counted.push({ zone: place.zone, subnetId: place.subnetId, weight: 1 })
  }
  return steps
}

function takeOut(member: MemberView, why: TakeOutReason): Step {
  return { type: 'take-out', memberId: member.memberId, why }
}

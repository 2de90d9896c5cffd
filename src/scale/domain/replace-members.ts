import { heaviest, unitsOf } from './capacity.ts'
import { chooseTermination } from './choose-termination.ts'
import type { GroupView, MemberView, ReplacementView } from './views.ts'

/** Which old members leave now, and how many instances the group may have meanwhile. */
export interface Replacements {
  readonly departures: readonly MemberView[]
  /** In units: to launch beyond what there is, and is desired, so that the old leave when the new are ready. */
  readonly extra: number
  /** The group is not shrunk to its desired capacity before its old members left. */
  readonly sizeMax: number
}

/**
 * Healthy for all that is known: in service, for a new one long enough, and answering every target group that it is in. What is unknown is
 * not healthy: an old member leaves only for one that serves.
 */
export function isReady(
  group: GroupView,
  replacement: Pick<ReplacementView, 'old' | 'warmupMilliseconds'>,
  member: MemberView,
  now: number,
): boolean {
  const { lifecycle, instance, inServiceAt } = member
  if (lifecycle !== 'InService' || !member.isHealthy) return false
  if (instance.state !== 'present' || instance.value !== 'running') return false
  const isOld = replacement.old.has(member.memberId)
  if (!isOld && now < (inServiceAt ?? now) + replacement.warmupMilliseconds) return false
  const isIn = group.targetGroupArns.every(
    (arn) => member.registeredIn.includes(arn) || group.suspended.includes('AddToLoadBalancer'),
  )
  return (
    isIn &&
    member.registeredIn.every((arn) => {
      const target = member.targets[arn]
      return target?.state === 'present' && ['healthy', 'unused'].includes(target.value)
    })
  )
}

/**
 * The next departures of a replacement, all in units of capacity. Never fewer are healthy than `minPercent` of the desired capacity, nor more
 * of them all than `maxPercent`; where the two leave no room, one goes at a time, as on AWS. The group's own maximum holds.
 */
export function planReplacements(
  group: GroupView,
  replacement: ReplacementView,
  staff: readonly MemberView[],
  now: number,
): Replacements {
  const { desiredCapacity: desired } = group
  const maxSize = group.maxSize + (replacement.overMax ?? 0)
  const wanted = Math.floor((desired * replacement.maxPercent) / 100)
  const bound = Math.max(desired, Math.min(maxSize, wanted))
  // A launch may pass a bound by less than the heaviest weighs, and nobody leaves for that.
  const sizeMax = bound + heaviest(group, staff) - 1
  const old = staff.filter((member) => replacement.old.has(member.memberId))
  const held = ['Launch', 'Terminate'].some((name) => group.suspended.includes(name))
  if (old.length === 0 || held || now < group.launchNotBefore) {
    return { departures: [], extra: 0, sizeMax: old.length > 0 ? sizeMax : desired }
  }
  const healthyMin = Math.ceil((desired * replacement.minPercent) / 100)
  const newMax = Math.ceil((desired * replacement.newPercentMax) / 100)
  const ready = new Set(staff.filter((member) => isReady(group, replacement, member, now)))
  const size = unitsOf(staff)
  let budget = Math.max(0, Math.min(newMax, desired) - (size - unitsOf(old)))
  let surplus = Math.max(0, size - desired)
  let healthy = unitsOf([...ready])
  const departures: MemberView[] = []
  for (const member of inOrder(group, old, ready)) {
    const { weight } = member
    const after = healthy - (ready.has(member) ? weight : 0)
    const isCostless = !ready.has(member) && bound === desired
    const isAllowed = after >= healthyMin || isCostless || (surplus > 0 && !ready.has(member))
    if (!isAllowed || (surplus === 0 && budget === 0)) continue
    budget = Math.max(0, budget - Math.max(0, weight - surplus))
    surplus = Math.max(0, surplus - weight)
    healthy = after
    departures.push(member)
  }
  const left = size - unitsOf(departures)
  const extra = Math.max(0, Math.min(bound - Math.max(left, desired), budget))
  const isStuck = departures.length === 0 && extra === 0 && budget > 0
  if (isStuck && size >= desired && ready.size === staff.length) {
    return { departures: inOrder(group, old, ready).slice(0, 1), extra: 0, sizeMax }
  }
  return { departures, extra, sizeMax }
}

/** Those that do not serve first, then as the group chooses whom to end; those of which nothing is known stay. */
function inOrder(
  group: GroupView,
  old: readonly MemberView[],
  ready: ReadonlySet<MemberView>,
): readonly MemberView[] {
  const ordered: MemberView[] = []
  const byId = new Map(old.map((member) => [member.memberId, member]))
  for (const part of [
    old.filter((member) => !ready.has(member)),
    old.filter((member) => ready.has(member)),
  ]) {
    let left = part.map((member) => ({ ...member, isProtected: false }))
    for (;;) {
      const chosen = chooseTermination(group, left)
      const member = chosen && byId.get(chosen.memberId)
      if (!chosen || !member) break
      ordered.push(member)
      left = left.filter((each) => each !== chosen)
    }
  }
  return ordered
}

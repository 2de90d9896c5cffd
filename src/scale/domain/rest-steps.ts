import { chooseLaunch, isFilled, onDemandTarget, unitsOf, unitsOnDemand } from './capacity.ts'
import { chooseTermination } from './choose-termination.ts'
import { chooseWarm, isDrawable, poolSize } from './plan-pool.ts'
import type { Step } from './steps.ts'
import type {
  GroupView,
  LaunchChoice,
  Market,
  MemberView,
  Place,
  ReplacementView,
} from './views.ts'
import { emptiestPlace, isPlaced, isUneven } from './zones.ts'

/** With everything in place: note that the capacity is reached, even out the zones, then the markets; one member at a time. */
export function restSteps(
  group: GroupView,
  staff: readonly MemberView[],
  pooled: readonly MemberView[],
  replacement: ReplacementView | undefined,
): Step[] {
  const isComplete =
    isFilled(group.desiredCapacity, staff) &&
    staff.every((member) => member.lifecycle === 'InService' && member.isHealthy)
  if (!isComplete) return []
  const fails = group.launchFailures > 0 && pooled.length < poolSize(group.pool, group)
  const settle: Step[] = group.isUnsettled && !fails ? [{ type: 'settle' }] : []
  const held = ['AZRebalance', 'Launch', 'Terminate'].some((name) => group.suspended.includes(name))
  const isReplacing = staff.some((member) => replacement?.old.has(member.memberId))
  if (held || isReplacing) return settle
  if (staff.some((member) => member.instance.state === 'unknown')) return settle
  return [...settle, ...(zoneExchange(group, staff, pooled) ?? marketExchange(group, staff) ?? [])]
}

/** Out of the fullest zone into the emptiest. */
function zoneExchange(
  group: GroupView,
  staff: readonly MemberView[],
  pooled: readonly MemberView[],
): readonly Step[] | undefined {
  const place = isUneven(group, staff) ? emptiestPlace(group, staff) : undefined
  if (!place) return undefined
  const sizeOf = (zone: string) => unitsOf(staff.filter((member) => member.zone === zone))
  const chosen = chooseTermination(group, staff, (one) => {
    if (!isPlaced(group, one)) return true
    const { weight } = launchFor(group, staff, one)
    const gap = sizeOf(one.zone) - sizeOf(place.zone)
    return gap > Math.max(weight, one.weight) && isKept(group, staff, one, weight)
  })
  if (!chosen) return undefined
  const inZone = pooled.filter((each) => each.zone === place.zone && isDrawable(group, each))
  const warm = chooseWarm(inZone, staff, place.zone)
  return exchange(group, staff, { chosen, place, warm })
}

/** From on demand to spot, or back, once the distribution is another: as long as that brings the group nearer to it. */
function marketExchange(
  group: GroupView,
  staff: readonly MemberView[],
): readonly Step[] | undefined {
  const place = group.mixed && emptiestPlace(group, staff)
  if (!place) return undefined
  const spare = unitsOnDemand(staff) - onDemandTarget(group)
  const leaves: Market = spare < 0 ? 'spot' : 'on-demand'
  const chosen = chooseTermination(group, staff, (one) => {
    if (one.market !== leaves || (leaves === 'on-demand' && one.weight > spare)) return false
    const { weight, market } = launchFor(group, staff, one)
    return market !== leaves && isKept(group, staff, one, weight)
  })
  return chosen && exchange(group, staff, { chosen, place, warm: undefined })
}

/** What would be launched in the place of one. */
function launchFor(group: GroupView, staff: readonly MemberView[], one: MemberView): LaunchChoice {
  const staying = staff.filter((member) => member !== one)
  return chooseLaunch(group, staying) ?? { weight: 1, market: 'on-demand' }
}

/** Whether the group is filled by exactly its other members and a new one: else others would leave for it, or be missing, without end. */
function isKept(
  { desiredCapacity }: GroupView,
  staff: readonly MemberView[],
  chosen: MemberView,
  weight: number,
): boolean {
  return isFilled(desiredCapacity, [...staff.filter((member) => member !== chosen), { weight }])
}

/** The launch comes first where the maximum allows it, and the one that it replaces leaves afterwards. */
function exchange(
  group: GroupView,
  staff: readonly MemberView[],
  { chosen, place, warm }: { chosen: MemberView; place: Place; warm: MemberView | undefined },
): readonly Step[] {
  const choice = warm ? undefined : launchFor(group, staff, chosen)
  const replaces = chosen.memberId
  const step: Step = warm
    ? { type: 'draw', memberId: warm.memberId, why: 'rebalance' }
    : { type: 'launch', place, why: 'rebalance', ...(group.mixed && { choice, replaces }) }
  const capacity = unitsOf(staff) + (choice?.weight ?? 1) - chosen.weight
  // One in a place no longer used goes for a lighter one, too, and then before it.
  const mayWait = unitsOf(staff) < group.maxSize && capacity >= group.desiredCapacity
  if (mayWait) return [step]
  return [{ type: 'take-out', memberId: chosen.memberId, why: 'rebalance' }, step]
}

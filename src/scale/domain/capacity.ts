import type { GroupView, LaunchChoice, Market, MemberView } from './views.ts'

/**
 * Units of capacity: every member counts as many as its type weighs, one where the group has no weights. The group's sizes are in the same
 * units. As on AWS a launch begins while the group is below its bound, and may pass it by less than the largest weight.
 */
export function unitsOf(members: readonly Pick<MemberView, 'weight'>[]): number {
  return members.reduce((sum, member) => sum + member.weight, 0)
}

/** Whether members fill a capacity: none is missing, and none is so light that it could go. Without weights: exactly as many as desired. */
export function isFilled(desired: number, members: readonly Pick<MemberView, 'weight'>[]): boolean {
  const excess = unitsOf(members) - desired
  return excess >= 0 && members.every(({ weight }) => weight > excess)
}

/** The largest weight of what a group has and may launch: how far its zones may differ, and by how much less it may pass a bound. */
export function heaviest(
  { mixed }: Pick<GroupView, 'mixed'>,
  members: readonly MemberView[],
): number {
  return Math.max(
    1,
    ...members.map(({ weight }) => weight),
    ...(mixed?.types ?? []).map(({ weight }) => weight),
  )
}

/** How much of a capacity is on demand: the base first, then its part of the rest, rounded up as AWS does. */
export function onDemandTarget({
  mixed,
  desiredCapacity,
}: Pick<GroupView, 'mixed' | 'desiredCapacity'>): number {
  if (!mixed) return desiredCapacity
  const base = Math.min(mixed.onDemandBase, desiredCapacity)
  return base + Math.ceil(((desiredCapacity - base) * mixed.onDemandPercent) / 100)
}

/** Units on demand. */
export function unitsOnDemand(members: readonly Pick<MemberView, 'weight' | 'market'>[]): number {
  return unitsOf(members.filter(({ market }) => market === 'on-demand'))
}

/**
 * What the next launch is, beside members that stay. On demand until its part is reached, then spot. Of several types it is the first, until
 * a launch fails: then the next one in the list has its turn, and so on around. Spot of the lowest price goes to the emptiest of as many types as were asked for.
 */
export function chooseLaunch(
  group: Pick<GroupView, 'mixed' | 'desiredCapacity' | 'launchFailures'>,
  staying: readonly Pick<MemberView, 'weight' | 'market' | 'instanceType'>[],
): LaunchChoice | undefined {
  const { mixed, launchFailures } = group
  if (!mixed) return undefined
  const { types, spotPools } = mixed
  const isAllOnDemand = mixed.onDemandPercent === 100
  const market: Market =
    isAllOnDemand || unitsOnDemand(staying) < onDemandTarget(group) ? 'on-demand' : 'spot'
  const inTurn = types.map((_, index) => types[(launchFailures + index) % types.length])
  const pools = inTurn.slice(0, market === 'spot' ? spotPools : 1).flatMap((type) => type ?? [])
  const sizeOf = (name: string): number =>
    unitsOf(staying.filter((member) => member.market === 'spot' && member.instanceType === name))
  const [chosen] = pools.toSorted((a, b) => sizeOf(a.instanceType) - sizeOf(b.instanceType))
  return {
    market,
    weight: chosen?.weight ?? 1,
    ...(chosen && { instanceType: chosen.instanceType }),
  }
}

/** Of which market a group has too much: members of it leave first. Undefined where all are of one. */
export function marketToLeave(group: GroupView, staff: readonly MemberView[]): Market | undefined {
  if (!group.mixed || new Set(staff.map(({ market }) => market)).size < 2) return undefined
  const spare = unitsOnDemand(staff) - onDemandTarget(group)
  const onDemand = staff.filter(({ market }) => market === 'on-demand')
  return onDemand.some(({ weight }) => weight <= spare) ? 'on-demand' : 'spot'
}

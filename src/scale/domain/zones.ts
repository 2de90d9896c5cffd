import { heaviest, unitsOf } from './capacity.ts'
import type { GroupView, MemberView, Place } from './views.ts'

/** Whether the group still uses the member's place. */
export function isPlaced(
  group: Pick<GroupView, 'places'>,
  member: Pick<MemberView, 'zone' | 'subnetId'>,
): boolean {
  return group.places.some(
    (place) =>
      place.zone === member.zone &&
      (place.subnetId === undefined || place.subnetId === member.subnetId),
  )
}

/** The place with the fewest units: first by zone, then by subnet in it; the group's own order breaks ties. */
export function emptiestPlace(
  group: GroupView,
  members: readonly Pick<MemberView, 'zone' | 'subnetId' | 'weight'>[],
): Place | undefined {
  const placed = members.filter((member) => isPlaced(group, member))
  const inZone = (place: Place) => unitsOf(placed.filter((member) => member.zone === place.zone))
  const inPlace = (place: Place) =>
    unitsOf(
      placed.filter((member) => member.zone === place.zone && member.subnetId === place.subnetId),
    )
  let best: Place | undefined
  for (const place of group.places) {
    const isBetter =
      !best ||
      inZone(place) < inZone(best) ||
      (inZone(place) === inZone(best) && place.zone === best.zone && inPlace(place) < inPlace(best))
    if (isBetter) best = place
  }
  return best
}

/**
 * The members among which the next one to leave is: those in places no longer used, else those of the fullest zone that has
 * any that may leave; of all of them when several are as full.
 */
export function fullest(
  group: GroupView,
  members: readonly MemberView[],
  mayLeave: (member: MemberView) => boolean,
): readonly MemberView[] {
  const strays = members.filter((member) => !isPlaced(group, member) && mayLeave(member))
  if (strays.length > 0) return strays
  const byZone = [...Map.groupBy(members, (member) => member.zone).entries()]
    .map(([, inZone]) => ({ size: unitsOf(inZone), leaving: inZone.filter(mayLeave) }))
    .filter(({ leaving }) => leaving.length > 0)
  const most = Math.max(...byZone.map(({ size }) => size))
  return byZone.filter(({ size }) => size === most).flatMap(({ leaving }) => leaving)
}

/** Whether one member more in the emptiest zone and one less elsewhere would spread the group better: zones differ by more than the heaviest. */
export function isUneven(group: GroupView, members: readonly MemberView[]): boolean {
  if (group.places.length === 0) return false
  if (members.some((member) => !isPlaced(group, member))) return true
  const zones = [...new Set(group.places.map((place) => place.zone))]
  const sizes = zones.map((zone) => unitsOf(members.filter((member) => member.zone === zone)))
  return Math.max(...sizes) - Math.min(...sizes) > heaviest(group, members)
}

import type { GatewayReport, TargetHealth } from '../protocol/gateway.ts'
import { balancersOf, isZoneServed, placeOf, type Picture } from './plan-configuration.ts'
import { targetName, type Target, type TargetGroup } from './records.ts'
import type { TargetView } from './targets.ts'

const registering = 'Elb.RegistrationInProgress'

/** How a target does, from all that the gateways of its balancer see. Reasons and descriptions are AWS's. */
export function planHealthView(
  picture: Picture,
  group: TargetGroup,
  target: Target,
  reports: readonly GatewayReport[],
): TargetView {
  const place = placeOf(picture, group, target)
  const view = (
    state: TargetView['state'],
    reason: string | undefined,
    description: string | undefined,
  ): TargetView => ({
    targetId: target.targetId,
    port: target.port,
    zone: place?.zone,
    state,
    reason,
    description,
  })
  if (target.state === 'draining') {
    return view(
      'draining',
      'Target.DeregistrationInProgress',
      'Target deregistration is in progress',
    )
  }
  if (place === undefined || !place.isRunning) {
    const isOver = place === undefined || place.isTerminated === true
    const state = isOver ? 'terminated' : 'stopped'
    return view('unused', 'Target.InvalidState', `Target is in the ${state} state`)
  }
  if (balancersOf(picture, group.groupId).length === 0) {
    return view(
      'unused',
      'Target.NotInUse',
      'Target group is not configured to receive traffic from the load balancer',
    )
  }
  if (!isZoneServed(picture, group, place.zone)) {
    return view(
      'unused',
      'Target.NotInUse',
      'Target is in an Availability Zone that is not enabled for the load balancer',
    )
  }
  const seen = best(seenOf(group.groupId, target, reports))
  if (seen === undefined) {
    return view('initial', registering, 'Target registration is in progress')
  }
  return view(seen.state, seen.reason, seen.description)
}

function seenOf(
  groupId: string,
  target: Target,
  reports: readonly GatewayReport[],
): readonly TargetHealth[] {
  const name = targetName(target)
  return reports.flatMap((report) =>
    report.targets.filter((health) => health.targetGroupId === groupId && health.targetId === name),
  )
}

/** The further a report is, the more it counts; whose comes first does not matter, so that a target never seems to go back. */
const ranks: readonly ((health: TargetHealth) => boolean)[] = [
  ({ state }) => state === 'healthy',
  ({ state }) => state === 'unhealthy',
  ({ state, reason }) => state === 'initial' && reason !== registering,
  ({ state }) => state === 'initial',
]

/**
 * One gateway that reaches a target is enough to call it healthy: a fault between one gateway and a target is not the target's.
 * What a gateway with an older configuration says of a target that drained or was gone does not count.
 */
function best(seen: readonly TargetHealth[]): TargetHealth | undefined {
  for (const isOfRank of ranks) {
    const found = seen.find(isOfRank)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * A draining target is done when its time is up, or every gateway that knows it says that nothing is under way. `isPassedOn`: its
 * connections go by the network itself, where gateways see none of them, so that its time is all there is to go by.
 */
export function isDrained(
  target: Target,
  now: number,
  group: {
    readonly delaySeconds: number
    readonly gatewayIds: readonly string[]
    readonly isPassedOn?: boolean
  },
  reports: readonly GatewayReport[],
): boolean {
  if (target.drainingSince === undefined) return false
  if (now >= target.drainingSince + group.delaySeconds * 1000) return true
  if (group.isPassedOn === true && group.gatewayIds.length > 0) return false
  return group.gatewayIds.every((gatewayId) => {
    const report = reports.find((candidate) => candidate.gatewayId === gatewayId)
    if (report === undefined) return false
    const [health] = seenOf(target.groupId, target, [report])
    // A gateway that does not know the target, though it speaks, cannot have anything under way to it.
    return health === undefined || (health.state !== 'healthy' && isIdle(health))
  })
}

function isIdle(health: TargetHealth): boolean {
  return (health.state === 'draining' || health.state === 'unused') && health.requestsInFlight === 0
}

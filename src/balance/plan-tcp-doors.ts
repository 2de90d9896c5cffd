import type { GatewayDoor, TcpDoorSpec } from '../protocol/edge.ts'
import { hasTargets, type Picture } from './plan-configuration.ts'
import { gatewayDoors } from './plan-sites.ts'
import { groupsOf, type BalancerListener } from './records.ts'

/** The TCP listeners that an edge opens on the host's loopback, under their own number; of two with one number the first by id has it. */
export function planTcpDoors(
  picture: Picture,
  runDirectory: string,
  isLost: (gatewayId: string) => boolean,
): readonly TcpDoorSpec[] {
  const doors = new Map<number, TcpDoorSpec>()
  const listeners = picture.listeners
    .filter((listener) => listener.protocol === 'tcp' && listener.transport !== 'udp')
    .toSorted((a, b) => (a.listenerId < b.listenerId ? -1 : 1))
  for (const listener of listeners) {
    const { listenerId, balancerId, port } = listener
    const balancer = picture.balancers.find((each) => each.balancerId === balancerId)
    if (balancer?.scheme !== 'internet-facing' || doors.has(port)) continue
    const gateways = gatewayDoors(picture, balancer, { runDirectory, isLost })
    doors.set(port, { listenerId, port, gateways: servingDoors(picture, listener, gateways) })
  }
  return [...doors.values()]
}

/** Nodes of zones without a target serve nobody, as AWS's names leave them out; all of them when none has any. */
function servingDoors(
  picture: Picture,
  { action }: BalancerListener,
  doors: readonly GatewayDoor[],
): readonly GatewayDoor[] {
  const serving = new Set(
    picture.gateways
      .filter((gateway) =>
        groupsOf(action).some((groupId) => hasTargets(picture, gateway, groupId)),
      )
      .map(({ gatewayId }) => gatewayId),
  )
  const found = doors.filter(({ gatewayId }) => serving.has(gatewayId))
  return found.length > 0 ? found : doors
}

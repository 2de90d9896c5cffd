import type { TcpDoorSpec } from '../protocol/edge.ts'
import type { Picture } from './plan-configuration.ts'
import { gatewayDoors } from './plan-sites.ts'

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
  for (const { listenerId, balancerId, port } of listeners) {
    const balancer = picture.balancers.find((each) => each.balancerId === balancerId)
    if (balancer?.scheme !== 'internet-facing' || doors.has(port)) continue
    const gateways = gatewayDoors(picture, balancer, { runDirectory, isLost })
    doors.set(port, { listenerId, port, gateways })
  }
  return [...doors.values()]
}

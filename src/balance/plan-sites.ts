import type { GatewayDoor, SiteSpec } from '../protocol/edge.ts'
import { sockets } from '../protocol/run-directory.ts'
import type { Picture } from './plan-configuration.ts'
import type { Balancer } from './records.ts'

/** The sites that an edge serves: every internet-facing balancer with an HTTP listener. */
export function planSites(
  picture: Picture,
  runDirectory: string,
  isLost: (gatewayId: string) => boolean,
): readonly SiteSpec[] {
  return picture.balancers.flatMap((balancer) => {
    if (balancer.scheme !== 'internet-facing') return []
    const listeners = picture.listeners
      .filter(
        (listener) =>
          listener.balancerId === balancer.balancerId &&
          listener.tls === undefined &&
          listener.protocol === undefined,
      )
      .toSorted((a, b) => a.port - b.port)
    const listener = listeners.find((candidate) => candidate.port === 80) ?? listeners[0]
    if (listener === undefined) return []
    return [
      {
        balancerId: balancer.balancerId,
        names: [balancer.dnsName.toLowerCase()],
        listenerId: listener.listenerId,
        gateways: gatewayDoors(picture, balancer, { runDirectory, isLost }),
      },
    ]
  })
}

/** The gateways that are nodes of a balancer, as an edge reaches them. */
export function gatewayDoors(
  picture: Picture,
  { zones }: Balancer,
  around: { runDirectory: string; isLost: (gatewayId: string) => boolean },
): readonly GatewayDoor[] {
  const subnetIds = new Set(zones.map((zone) => zone.subnetId))
  return picture.gateways
    .filter((gateway) => subnetIds.has(gateway.subnetId))
    .map(({ gatewayId, zone }) => ({
      gatewayId,
      zone,
      socketPath: `${around.runDirectory}/${sockets.gateway(gatewayId)}`,
      ...(around.isLost(gatewayId) && { isLost: true }),
    }))
}

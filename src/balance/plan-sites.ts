import type { SiteSpec } from '../protocol/edge.ts'
import { sockets } from '../protocol/run-directory.ts'
import type { Picture } from './plan-configuration.ts'

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
    const subnetIds = new Set(balancer.zones.map((zone) => zone.subnetId))
    return [
      {
        balancerId: balancer.balancerId,
        names: [balancer.dnsName.toLowerCase()],
        listenerId: listener.listenerId,
        gateways: picture.gateways
          .filter((gateway) => subnetIds.has(gateway.subnetId))
          .map((gateway) => ({
            gatewayId: gateway.gatewayId,
            zone: gateway.zone,
            socketPath: `${runDirectory}/${sockets.gateway(gateway.gatewayId)}`,
            ...(isLost(gateway.gatewayId) && { isLost: true }),
          })),
      },
    ]
  })
}

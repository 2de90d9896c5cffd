import type { GatewayDoor, SecuredSiteSpec, SiteSpec } from '../protocol/edge.ts'
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

/** The HTTPS listeners that an edge serves behind the same port; of two that claim a name the first by id has it. */
export function planSecuredSites(
  picture: Picture,
  runDirectory: string,
  isLost: (gatewayId: string) => boolean,
): readonly SecuredSiteSpec[] {
  return picture.balancers.flatMap((balancer) => {
    if (balancer.scheme !== 'internet-facing') return []
    const listeners = picture.listeners
      .filter(({ balancerId }) => balancerId === balancer.balancerId)
      .filter(({ tls, protocol }) => tls !== undefined && protocol === undefined)
      .toSorted((a, b) => a.port - b.port)
    const listener = listeners.find(({ port }) => port === 443) ?? listeners[0]
    if (listener === undefined) return []
    const shown = listener.tls?.certificateIds ?? []
    const names = shown.flatMap((id) => picture.certificates.get(id)?.names ?? [])
    return [
      {
        listenerId: listener.listenerId,
        names: [...new Set([balancer.dnsName.toLowerCase(), ...names])],
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

import type {
  GatewayConfiguration,
  GatewayReport,
  TargetGroupSpec,
  TargetHealthState,
} from '../protocol/gateway.ts'
import type { FlowSpec } from '../protocol/network.ts'
import { groupsOf } from './records.ts'
import type { BalancerListener, TargetGroup } from './records.ts'

/** The parts of the picture that flows follow from. */
export interface FlowPicture {
  readonly listeners: readonly BalancerListener[]
  readonly groups: readonly TargetGroup[]
  /** Who may send datagrams, by listener. */
  readonly allowedSenders: ReadonlyMap<string, readonly string[]>
}

/**
 * What the network passes on by itself for the nodes of one gateway: datagrams always, connections where targets are to see
 * the client's address. Targets that the gateway finds healthy; when it finds none so, those that it finds unhealthy.
 */
export function planFlows(
  picture: FlowPicture,
  configuration: Pick<GatewayConfiguration, 'listeners' | 'targetGroups'>,
  report: Pick<GatewayReport, 'targets'> | undefined,
): readonly FlowSpec[] {
  return configuration.listeners.flatMap((spec) => {
    const listener = picture.listeners.find(({ listenerId }) => listenerId === spec.id)
    const [groupId] = listener === undefined ? [] : groupsOf(listener.action)
    const group = picture.groups.find((one) => one.groupId === groupId)
    const groupSpec = configuration.targetGroups.find(({ id }) => id === groupId)
    if (listener === undefined || group === undefined || groupSpec === undefined) return []
    const targets = placesOf(groupSpec, report)
    if (targets.length === 0) return []
    const senders = {
      tcp: spec.allowedCidrs,
      udp: picture.allowedSenders.get(spec.id) ?? [],
    }
    return protocolsOf(listener, group).map((protocol) => ({
      protocol,
      address: spec.address,
      port: spec.port,
      allowedCidrs: senders[protocol],
      targets,
    }))
  })
}

/** Connections that end here before they go on, those of TLS, cannot be passed on as they are. */
function protocolsOf(listener: BalancerListener, group: TargetGroup): readonly ('tcp' | 'udp')[] {
  if (listener.protocol === undefined || listener.tls !== undefined) return []
  if (listener.transport === 'udp') return ['udp']
  if (listener.transport === 'tcp_udp') return ['tcp', 'udp']
  return group.preservesClient === true || group.transport === 'tcp_udp' ? ['tcp'] : []
}

function placesOf(
  group: TargetGroupSpec,
  report: Pick<GatewayReport, 'targets'> | undefined,
): FlowSpec['targets'] {
  const active = group.targets.filter(({ state }) => state === 'active')
  const states = new Map<string, TargetHealthState>(
    (report?.targets ?? [])
      .filter((health) => health.targetGroupId === group.id)
      .map((health) => [health.targetId, health.state]),
  )
  const inState = (state: TargetHealthState) => active.filter(({ id }) => states.get(id) === state)
  const healthy = inState('healthy')
  return (healthy.length > 0 ? healthy : inState('unhealthy'))
    .map(({ address, port }) => ({ address, port }))
    .toSorted((a, b) => (`${a.address}:${a.port}` < `${b.address}:${b.port}` ? -1 : 1))
}

import type {
  AccessLogSpec,
  GatewayConfiguration,
  HealthCheckSpec,
  HttpBehaviour,
  ListenerRule,
  ListenerSpec,
  TargetGroupSpec,
  TargetSpec,
  TlsCertificate,
} from '../protocol/gateway.ts'
import { isClassicId } from './classic-records.ts'
import { groupsOf, httpDefault, targetName } from './records.ts'
import type {
  Balancer,
  BalancerListener,
  BalancerRule,
  Gateway,
  Target,
  TargetGroup,
} from './records.ts'

/** Everything that gateways' configurations follow from, as it is at one moment. */
export interface Picture {
  readonly balancers: readonly Balancer[]
  readonly listeners: readonly BalancerListener[]
  readonly rules: readonly BalancerRule[]
  readonly groups: readonly TargetGroup[]
  readonly targets: readonly Target[]
  readonly gateways: readonly Gateway[]
  /** Addresses of balancers' nodes, by `<balancer> <subnet>`. */
  readonly nodeAddresses: ReadonlyMap<string, string>
  /** Who may connect, by listener. */
  readonly allowedCidrs: ReadonlyMap<string, readonly string[]>
  /** Who may send datagrams, by listener that takes them. */
  readonly allowedSenders: ReadonlyMap<string, readonly string[]>
  /** Instances that may be targets: where they are, and whether their machine runs. */
  readonly instances: ReadonlyMap<string, TargetPlace>
  /** By id. */
  readonly certificates: ReadonlyMap<string, TlsCertificate>
  /** Of those balancers whose requests are recorded, by id. */
  readonly accessLogs?: ReadonlyMap<string, AccessLogSpec>
}

export interface TargetPlace {
  readonly address: string
  readonly zone: string
  readonly isRunning: boolean
  /** It runs no more, and never will. */
  readonly isTerminated?: boolean
  /** It runs, and is asked to stop: it gets nothing new. */
  readonly isLeaving: boolean
}

/** What one gateway is to do. The number comes from who keeps count. */
export function planConfiguration(
  picture: Picture,
  gateway: Gateway,
): Omit<GatewayConfiguration, 'generation'> {
  const nodes = picture.balancers.filter(
    (balancer) =>
      balancer.vpcId === gateway.vpcId &&
      balancer.zones.some((zone) => zone.subnetId === gateway.subnetId) &&
      picture.nodeAddresses.has(`${balancer.balancerId} ${gateway.subnetId}`),
  )
  const listeners = nodes.flatMap((balancer) => listenersOf(picture, gateway, balancer))
  const used = new Set(
    listeners.flatMap((listener) => listener.rules.flatMap((rule) => groupsOf(rule.action))),
  )
  const groups = picture.groups.filter((group) => used.has(group.groupId))
  return {
    gatewayId: gateway.gatewayId,
    zone: gateway.zone,
    listeners,
    targetGroups: groups.map((group) => groupSpec(picture, gateway, group)),
  }
}

function listenersOf(picture: Picture, gateway: Gateway, balancer: Balancer): ListenerSpec[] {
  const address = picture.nodeAddresses.get(`${balancer.balancerId} ${gateway.subnetId}`) ?? ''
  const accessLog = picture.accessLogs?.get(balancer.balancerId)
  return picture.listeners
    .filter((listener) => listener.balancerId === balancer.balancerId)
    .map((listener) => ({
      id: listener.listenerId,
      balancerId: balancer.balancerId,
      address,
      port: listener.port,
      ...protocolOf(picture, listener),
      ...(isHttps(listener) && !balancer.refusesHttp2 ? { speaksHttp2: true as const } : {}),
      allowedCidrs: picture.allowedCidrs.get(listener.listenerId) ?? [],
      rules: rulesOf(picture, listener),
      idleTimeoutSeconds: listener.idleTimeoutSeconds ?? balancer.idleTimeoutSeconds,
      ...httpOf(balancer, listener),
      ...(accessLog === undefined || !isRecorded(balancer, listener) ? {} : { accessLog }),
    }))
}

/** An Application Load Balancer names its port in Host, unless it is one that goes without saying. */
function httpOf(
  { http, type, balancerId, preservesHost, desyncMode }: Balancer,
  { port }: BalancerListener,
): Pick<ListenerSpec, 'http'> {
  const isUsual = isClassicId(balancerId) || port === 80 || port === 443
  const extra: Partial<HttpBehaviour> = {
    ...(type === undefined && !isUsual && preservesHost !== true && { namesPort: true as const }),
    ...(desyncMode !== undefined && desyncMode !== 'defensive' && { desyncMode }),
  }
  if (Object.keys(extra).length > 0) return { http: { ...(http ?? httpDefault), ...extra } }
  return http === undefined ? {} : { http }
}

/** Network balancers tell of connections inside TLS alone. */
function isRecorded({ type }: Balancer, { tls }: BalancerListener): boolean {
  return type !== 'network' || tls !== undefined
}

function isHttps({ tls, protocol }: BalancerListener): boolean {
  return tls !== undefined && protocol === undefined
}

/** A certificate that is gone is left out; with none left, clients are cut off. */
function protocolOf(
  picture: Picture,
  { tls, protocol, transport }: BalancerListener,
): Pick<ListenerSpec, 'protocol' | 'tls'> {
  if (transport === 'udp') return { protocol: 'udp' }
  if (tls === undefined) return { protocol: protocol ?? 'http' }
  const { minVersion, maxVersion, ciphers, isClientOrdered, certificateIds } = tls
  const certificates = certificateIds.flatMap((id) => picture.certificates.get(id) ?? [])
  const versions = {
    ...{ minVersion, maxVersion },
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(isClientOrdered === undefined ? {} : { isClientOrdered }),
  }
  const secured = protocol === 'tcp' ? 'tls' : 'https'
  return { protocol: secured, tls: { ...versions, certificates } }
}

function rulesOf(picture: Picture, listener: BalancerListener): readonly ListenerRule[] {
  const ordered = picture.rules
    .filter((rule) => rule.listenerId === listener.listenerId)
    .toSorted((a, b) => a.priority - b.priority)
    .map(({ ruleId, conditions, action }) => ({ id: ruleId, conditions, action }))
  return [...ordered, { id: listener.listenerId, conditions: [], action: listener.action }]
}

function groupSpec(picture: Picture, gateway: Gateway, group: TargetGroup): TargetGroupSpec {
  const specs = picture.targets
    .filter((target) => target.groupId === group.groupId)
    .filter((target) => isReached(picture, gateway, { group, target }))
    .flatMap((target) => targetSpec(picture, group, target))
  return {
    id: group.groupId,
    ...(group.version === undefined ? {} : { version: group.version }),
    healthCheck: healthCheckOf(group),
    targets: specs,
    ...(group.isSecured === true ? { isSecured: true as const } : {}),
    ...(group.sendsProxyProtocol === true ? { proxyProtocol: 'v2' as const } : {}),
    ...(group.isSourceSticky === true ? { isSourceSticky: true as const } : {}),
    ...(group.endsConnections === true ? { endsConnections: true as const } : {}),
    ...(group.routing === undefined ? {} : { routing: group.routing }),
  }
}

/** Whether a gateway has a target that may serve: without cross-zone balancing it may have none though there are some. */
export function hasTargets(picture: Picture, gateway: Gateway, groupId: string): boolean {
  const group = picture.groups.find((one) => one.groupId === groupId)
  if (group === undefined) return false
  return groupSpec(picture, gateway, group).targets.some(({ state }) => state === 'active')
}

/** Checks over HTTP speak the version that targets are spoken to in. */
function healthCheckOf({ healthCheck, version }: TargetGroup): HealthCheckSpec {
  const { protocol } = healthCheck
  return version !== undefined && protocol === 'http'
    ? { ...healthCheck, protocol: version }
    : healthCheck
}

/** Without cross-zone balancing a gateway knows the targets of its own zone alone. */
function isReached(
  picture: Picture,
  gateway: Gateway,
  { group, target }: { group: TargetGroup; target: Target },
): boolean {
  const [balancer] = balancersOf(picture, group.groupId)
  const isByDefault = balancer?.type !== 'network' || balancer.isCrossZone === true
  if (group.isCrossZone ?? isByDefault) return true
  const zone = placeOf(picture, group, target)?.zone
  return zone === gateway.zone || zone === 'all'
}

function targetSpec(picture: Picture, group: TargetGroup, target: Target): TargetSpec[] {
  const place = placeOf(picture, group, target)
  if (place === undefined || !isZoneServed(picture, group, place.zone)) return []
  const state = place.isRunning ? (place.isLeaving ? 'draining' : target.state) : 'gone'
  return [{ id: targetName(target), address: place.address, port: target.port, state }]
}

/** Where a target is; undefined when its instance is not known any more. */
export function placeOf(
  picture: Picture,
  group: TargetGroup,
  target: Target,
): TargetPlace | undefined {
  if (group.targetType === 'instance') return picture.instances.get(target.targetId)
  const { targetId: address, zone = 'all' } = target
  return { address, zone, isRunning: true, isLeaving: false }
}

/** The balancers whose listeners send to a group. */
export function balancersOf(picture: Picture, groupId: string): readonly Balancer[] {
  const ids = new Set(
    picture.listeners
      .filter(
        (listener) =>
          groupsOf(listener.action).includes(groupId) ||
          picture.rules.some(
            (rule) =>
              rule.listenerId === listener.listenerId && groupsOf(rule.action).includes(groupId),
          ),
      )
      .map((listener) => listener.balancerId),
  )
  return picture.balancers.filter((balancer) => ids.has(balancer.balancerId))
}

/** A target in a zone that its balancer is not in gets no requests, as on AWS. */
export function isZoneServed(picture: Picture, group: TargetGroup, zone: string): boolean {
  if (zone === 'all') return true
  return balancersOf(picture, group.groupId).some((balancer) =>
    balancer.zones.some((served) => served.zone === zone),
  )
}

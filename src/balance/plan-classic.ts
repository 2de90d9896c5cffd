import type { HealthCheckSpec, TargetRouting } from '../protocol/gateway.ts'
import type { ClassicBalancer, ClassicInstance, ClassicListener } from './classic-records.ts'
import type { Picture } from './plan-configuration.ts'
import type { Balancer, BalancerListener, Target, TargetGroup } from './records.ts'
import { sslPolicies, sslPolicyDefault } from './ssl-policies.ts'

/** The parts of the picture that classic balancers add. */
export type ClassicParts = Pick<Picture, 'balancers' | 'listeners' | 'groups' | 'targets'>

/**
 * What gateways are told of a classic balancer: each listener is a listener with a group of its own, in which every registered
 * instance is a target at the listener's instance port. Ids stay the same whatever is set later, so that checks and cookies carry on.
 */
export function planClassic(
  balancer: ClassicBalancer,
  instances: readonly ClassicInstance[],
): ClassicParts {
  return {
    balancers: [balancerOf(balancer)],
    listeners: balancer.listeners.map((listener) => listenerOf(balancer, listener)),
    groups: classicGroups(balancer),
    targets: instances.flatMap((instance) => classicTargets(balancer, instance)),
  }
}

/** A classic balancer as the gateways' nodes know balancers. */
export function balancerOf(classic: ClassicBalancer): Balancer {
  const { balancerId, name, dnsName, scheme, vpcId, zones, securityGroupIds } = classic
  const { idleTimeoutSeconds, createdAt, tags, accessLog, desyncMode } = classic
  return {
    ...{ balancerId, name, dnsName, scheme, vpcId, zones, securityGroupIds },
    ...{ idleTimeoutSeconds, createdAt, tags },
    ...(accessLog === undefined ? {} : { accessLog }),
    ...(desyncMode === undefined ? {} : { desyncMode }),
    isProtected: false,
    refusesHttp2: true,
    state: 'active',
  }
}

export function classicListenerId(balancer: ClassicBalancer, port: number): string {
  return `${balancer.balancerId}/${port}`
}

function listenerOf(balancer: ClassicBalancer, listener: ClassicListener): BalancerListener {
  const listenerId = classicListenerId(balancer, listener.port)
  const tls = tlsOf(balancer, listener)
  return {
    listenerId,
    balancerId: balancer.balancerId,
    port: listener.port,
    ...(isOfConnections(listener) ? { protocol: 'tcp' as const } : {}),
    ...(tls === undefined ? {} : { tls }),
    action: { type: 'forward', targetGroups: [{ targetGroupId: listenerId, weight: 1 }] },
    tags: [],
  }
}

/** Whether it joins connections rather than reading requests. */
export function isOfConnections({ protocol }: Pick<ClassicListener, 'protocol'>): boolean {
  return protocol === 'tcp' || protocol === 'ssl'
}

/** Whether it ends TLS. */
export function isOfTls({ protocol }: Pick<ClassicListener, 'protocol'>): boolean {
  return protocol === 'https' || protocol === 'ssl'
}

function tlsOf(balancer: ClassicBalancer, listener: ClassicListener): BalancerListener['tls'] {
  if (!isOfTls(listener)) return undefined
  const found = policiesOf(balancer, listener).find((each) => each.type === 'ssl')
  const policy = found ?? { name: sslPolicyDefault, ...sslPolicies[sslPolicyDefault]! }
  const { name, minVersion, maxVersion, ciphers } = policy
  const certificateIds = listener.certificateId === undefined ? [] : [listener.certificateId]
  return {
    ...{ policy: name, minVersion, maxVersion, certificateIds },
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(found?.isClientOrdered === true ? { isClientOrdered: true } : {}),
  }
}

function policiesOf(balancer: ClassicBalancer, listener: ClassicListener) {
  return balancer.policies.filter((policy) => listener.policyNames.includes(policy.name))
}

/** One for each listener, all with the balancer's one health check. */
export function classicGroups(balancer: ClassicBalancer): readonly TargetGroup[] {
  return balancer.listeners.map((listener) => ({
    groupId: classicListenerId(balancer, listener.port),
    name: balancer.name,
    ...(isOfConnections(listener)
      ? { protocol: 'tcp' as const, endsConnections: balancer.isDraining }
      : {}),
    ...(listener.isSecuredInside === true ? { isSecured: true as const } : {}),
    port: listener.instancePort,
    vpcId: balancer.vpcId,
    targetType: 'instance',
    healthCheck: checkOf(balancer),
    deregistrationDelaySeconds: balancer.isDraining ? balancer.drainingSeconds : 0,
    routing: routingOf(balancer, listener),
    isCrossZone: balancer.isCrossZone,
    createdAt: balancer.createdAt,
    tags: [],
  }))
}

/** Targets of one instance, one in each group. */
export function classicTargets(
  balancer: ClassicBalancer,
  { instanceId, state, drainingSince }: ClassicInstance,
): readonly Target[] {
  return balancer.listeners.map((listener) => ({
    groupId: classicListenerId(balancer, listener.port),
    targetId: instanceId,
    port: listener.instancePort,
    state,
    ...(drainingSince === undefined ? {} : { drainingSince }),
  }))
}

function checkOf({ healthCheck }: ClassicBalancer): HealthCheckSpec {
  return { enabled: true, ...healthCheck, matcher: '200' }
}

/** Classic balancers send to instances with the fewest requests under way over HTTP, and by turn over TCP. */
function routingOf(balancer: ClassicBalancer, listener: ClassicListener): TargetRouting {
  const sticky = policiesOf(balancer, listener).find((policy) => policy.type !== 'ssl')
  return {
    algorithm: isOfConnections(listener) ? 'round_robin' : 'least_outstanding_requests',
    slowStartSeconds: 0,
    failsClosed: true,
    stickiness: {
      isClassic: true,
      isEnabled: sticky !== undefined,
      type: sticky?.type === 'app-cookie' ? 'app_cookie' : 'lb_cookie',
      lbCookieSeconds: sticky?.type === 'lb-cookie' ? (sticky.seconds ?? 0) : 0,
      appCookieName: sticky?.type === 'app-cookie' ? sticky.cookieName : '',
      appCookieSeconds: 0,
    },
  }
}

import type { TargetGroup } from '../../balance/records.ts'
import type { Stickiness, TargetRouting } from '../../protocol/gateway.ts'
import {
  constant,
  readBoolean,
  readChoice,
  readNumber,
  type AttributeRule,
  type AttributeTable,
} from './attributes.ts'
import { validationError } from './errors.ts'

/** A day and a week: ELBv2's default and longest stickiness. */
const daySeconds = 86_400
const weekSeconds = 7 * daySeconds

/** ELBv2's defaults. */
const routingDefault: TargetRouting = {
  algorithm: 'round_robin',
  slowStartSeconds: 0,
  stickiness: {
    isEnabled: false,
    type: 'lb_cookie',
    lbCookieSeconds: daySeconds,
    appCookieName: '',
    appCookieSeconds: daySeconds,
  },
}

function ofRouting<Member extends 'algorithm' | 'slowStartSeconds'>(
  member: Member,
  read: (key: string, value: string) => TargetRouting[Member],
): AttributeRule<TargetGroup> {
  return {
    show: ({ routing = routingDefault }) => String(routing[member]),
    set(group, value, key) {
      const routing = { ...routingDefault, ...group.routing, [member]: read(key, value) }
      return { ...group, routing }
    },
  }
}

function ofStickiness<Member extends keyof Stickiness>(
  member: Member,
  read: (key: string, value: string) => Stickiness[Member],
): AttributeRule<TargetGroup> {
  return {
    show: ({ routing = routingDefault }) => String(routing.stickiness[member]),
    set(group, value, key) {
      const routing = group.routing ?? routingDefault
      const stickiness = { ...routing.stickiness, [member]: read(key, value) }
      return { ...group, routing: { ...routing, stickiness } }
    },
  }
}

const readDuration = (key: string, value: string): number =>
  readNumber(key, value, [1, weekSeconds])

/** The attributes of a group for one kind of balancer. */
export function groupAttributesOf(group: TargetGroup): AttributeTable<TargetGroup> {
  if (group.protocol !== 'tcp') return httpAttributes
  if (group.isSecured === true) return tlsAttributes
  return group.transport === undefined ? tcpAttributes : datagramAttributes
}

/** What a target group of an Application Load Balancer has, in ELBv2's spelling. */
const httpAttributes: AttributeTable<TargetGroup> = {
  'deregistration_delay.timeout_seconds': {
    show: (group) => String(group.deregistrationDelaySeconds),
    set: (group, value, key) => ({
      ...group,
      deregistrationDelaySeconds: readNumber(key, value, [0, 3600]),
    }),
  },
  'load_balancing.algorithm.anomaly_mitigation': constant('off'),
  'load_balancing.algorithm.type': ofRouting('algorithm', (key, value) =>
    readChoice(key, value, ['round_robin', 'least_outstanding_requests', 'weighted_random']),
  ),
  'load_balancing.cross_zone.enabled': {
    show: ({ isCrossZone }) =>
      isCrossZone === undefined ? 'use_load_balancer_configuration' : String(isCrossZone),
    set(group, value, key) {
      const choices = ['true', 'false', 'use_load_balancer_configuration'] as const
      const chosen = readChoice(key, value, choices)
      const { isCrossZone, ...others } = group
      if (chosen !== 'use_load_balancer_configuration') {
        return { ...others, isCrossZone: chosen === 'true' }
      }
      return isCrossZone === undefined ? group : others
    },
  },
  'slow_start.duration_seconds': ofRouting('slowStartSeconds', (key, value) =>
    value === '0' ? 0 : readNumber(key, value, [30, 900]),
  ),
  'stickiness.app_cookie.cookie_name': ofStickiness('appCookieName', readCookieName),
  'stickiness.app_cookie.duration_seconds': ofStickiness('appCookieSeconds', readDuration),
  'stickiness.enabled': ofStickiness('isEnabled', readBoolean),
  'stickiness.lb_cookie.duration_seconds': ofStickiness('lbCookieSeconds', readDuration),
  'stickiness.type': ofStickiness('type', (key, value) =>
    readChoice(key, value, ['lb_cookie', 'app_cookie']),
  ),
  'target_group_health.dns_failover.minimum_healthy_targets.count': constant('1'),
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': constant('off'),
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': constant('1'),
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': constant('off'),
}

/** What a target group of a Network Load Balancer has: the client's address is kept where that is asked for. */
const tcpAttributes: AttributeTable<TargetGroup> = {
  ...Object.fromEntries(
    Object.entries(httpAttributes).filter(([key]) =>
      /^(deregistration_delay|load_balancing\.cross_zone|target_group_health)\./.test(key),
    ),
  ),
  'deregistration_delay.connection_termination.enabled': {
    show: ({ endsConnections = false }) => String(endsConnections),
    set: (group, value, key) => ({ ...group, endsConnections: readBoolean(key, value) }),
  },
  'preserve_client_ip.enabled': {
    show: ({ preservesClient = false }) => String(preservesClient),
    set: (group, value, key) => ({ ...group, preservesClient: readBoolean(key, value) }),
  },
  'proxy_protocol_v2.enabled': {
    show: ({ sendsProxyProtocol = false }) => String(sendsProxyProtocol),
    set: (group, value, key) => ({ ...group, sendsProxyProtocol: readBoolean(key, value) }),
  },
  'stickiness.enabled': {
    show: ({ isSourceSticky = false }) => String(isSourceSticky),
    set: (group, value, key) => ({ ...group, isSourceSticky: readBoolean(key, value) }),
  },
  'stickiness.type': constant('source_ip'),
}

/** Of targets inside TLS: a connection that ends here and begins anew cannot seem to be the client's. */
const tlsAttributes: AttributeTable<TargetGroup> = {
  ...tcpAttributes,
  'preserve_client_ip.enabled': constant('false'),
  'stickiness.enabled': constant('false'),
}

/** Of datagrams, which the network itself passes on: the client's address is kept always. */
const datagramAttributes: AttributeTable<TargetGroup> = {
  ...tcpAttributes,
  'deregistration_delay.connection_termination.enabled': constant('false'),
  'preserve_client_ip.enabled': constant('true'),
  'stickiness.enabled': constant('false'),
  'proxy_protocol_v2.enabled': constant('false'),
}

function readCookieName(key: string, value: string): string {
  const isReserved = /^AWSALB(APP|TG)?/.test(value)
  if (value === '' || (/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,512}$/.test(value) && !isReserved))
    return value
  throw validationError(`Attribute '${key}' has the value '${value}', which is no cookie's name`)
}

/** What attributes may not ask for together. */
export function checkGroupAttributes(group: TargetGroup): void {
  const { routing = routingDefault } = group
  // What the network itself passes on, nobody chooses for, prefaces or ends.
  const taken = [
    group.sendsProxyProtocol === true && 'proxy_protocol_v2.enabled',
    group.isSourceSticky === true && 'stickiness.enabled',
    group.endsConnections === true && 'deregistration_delay.connection_termination.enabled',
  ].find((name) => name !== false)
  if (group.preservesClient === true && taken !== undefined) {
    throw validationError(`${taken} and preserve_client_ip.enabled cannot both be true here`)
  }
  const { stickiness, algorithm, slowStartSeconds } = routing
  if (stickiness.isEnabled && stickiness.type === 'app_cookie' && stickiness.appCookieName === '') {
    throw validationError('stickiness.app_cookie.cookie_name must be set for app_cookie stickiness')
  }
  if (slowStartSeconds > 0 && algorithm !== 'round_robin') {
    throw validationError(`Slow start cannot be enabled with ${algorithm}`)
  }
}

import { httpDefault, type AccessLogSettings, type Balancer } from '../../balance/records.ts'
import type { HttpBehaviour } from '../../protocol/gateway.ts'
import {
  constant,
  readBoolean,
  readChoice,
  readNumber,
  type AttributeRule,
  type AttributeTable,
} from './attributes.ts'
import { validationError } from './errors.ts'

function ofHttp<Member extends Exclude<keyof HttpBehaviour, 'namesPort' | 'desyncMode'>>(
  member: Member,
  read: (key: string, value: string) => HttpBehaviour[Member],
): AttributeRule<Balancer> {
  return {
    show: ({ http = httpDefault }) => String(http[member] ?? false),
    set(balancer, value, key) {
      const http = { ...httpDefault, ...balancer.http, [member]: read(key, value) }
      return { ...balancer, http }
    },
  }
}

const protection: AttributeRule<Balancer> = {
  show: (balancer) => String(balancer.isProtected),
  set: (balancer, value, key) => ({ ...balancer, isProtected: readBoolean(key, value) }),
}

const noLog: AccessLogSettings = { isEnabled: false, bucket: '', prefix: '' }

function ofLog<Member extends 'isEnabled' | 'bucket' | 'prefix'>(
  member: Member,
  read: (key: string, value: string) => AccessLogSettings[Member],
): AttributeRule<Balancer> {
  return {
    show: ({ accessLog = noLog }) => String(accessLog[member]),
    set(balancer, value, key) {
      const accessLog = { ...noLog, ...balancer.accessLog, [member]: read(key, value) }
      return { ...balancer, accessLog }
    },
  }
}

function readPrefix(key: string, value: string): string {
  if (value.includes('AWSLogs') || /^\/|\/$/.test(value) || value.length > 512) {
    throw validationError(
      `Attribute '${key}' must not contain 'AWSLogs', nor begin or end with '/': '${value}'`,
    )
  }
  return value
}

const accessLogAttributes: AttributeTable<Balancer> = {
  'access_logs.s3.enabled': ofLog('isEnabled', readBoolean),
  'access_logs.s3.bucket': ofLog('bucket', (_key, value) => value),
  'access_logs.s3.prefix': ofLog('prefix', readPrefix),
}

/** What attributes may not ask for together. */
export function checkBalancerAttributes({ accessLog }: Balancer): void {
  if (accessLog?.isEnabled === true && accessLog.bucket === '') {
    throw validationError(
      "Attribute 'access_logs.s3.bucket' must be specified when 'access_logs.s3.enabled' is 'true'",
    )
  }
}

/** What a Network Load Balancer has. */
const networkAttributes: AttributeTable<Balancer> = {
  ...accessLogAttributes,
  'deletion_protection.enabled': protection,
  'dns_record.client_routing_policy': constant('any_availability_zone'),
  'load_balancing.cross_zone.enabled': {
    show: ({ isCrossZone = false }) => String(isCrossZone),
    set: (balancer, value, key) => ({ ...balancer, isCrossZone: readBoolean(key, value) }),
  },
  'secondary_ips.auto_assigned.per_subnet': constant('0'),
  'zonal_shift.config.enabled': constant('false'),
}

/** The attributes of one kind of balancer. */
export function balancerAttributesOf({ type }: Balancer): AttributeTable<Balancer> {
  return type === 'network' ? networkAttributes : applicationAttributes
}

/** What an Application Load Balancer has, in ELBv2's spelling. */
const applicationAttributes: AttributeTable<Balancer> = {
  ...accessLogAttributes,
  'client_keep_alive.seconds': ofHttp('clientKeepAliveSeconds', (key, value) =>
    readNumber(key, value, [60, 604_800]),
  ),
  'health_check_logs.s3.enabled': constant('false'),
  'health_check_logs.s3.bucket': constant(''),
  'health_check_logs.s3.prefix': constant(''),
  'connection_logs.s3.enabled': constant('false'),
  'connection_logs.s3.bucket': constant(''),
  'connection_logs.s3.prefix': constant(''),
  'deletion_protection.enabled': protection,
  'idle_timeout.timeout_seconds': {
    show: (balancer) => String(balancer.idleTimeoutSeconds),
    set: (balancer, value, key) => ({
      ...balancer,
      idleTimeoutSeconds: readNumber(key, value, [1, 4000]),
    }),
  },
  'load_balancing.cross_zone.enabled': constant('true'),
  'routing.http.desync_mitigation_mode': {
    show: (balancer) => balancer.desyncMode ?? 'defensive',
    set: (balancer, value, key) => ({
      ...balancer,
      desyncMode: readChoice(key, value, ['monitor', 'defensive', 'strictest']),
    }),
  },
  'routing.http.drop_invalid_header_fields.enabled': ofHttp('dropsInvalidHeaders', readBoolean),
  'routing.http.preserve_host_header.enabled': {
    show: ({ preservesHost = false }) => String(preservesHost),
    set: (balancer, value, key) => ({ ...balancer, preservesHost: readBoolean(key, value) }),
  },
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': ofHttp('tellsTls', readBoolean),
  'routing.http.xff_client_port.enabled': ofHttp('hasClientPort', readBoolean),
  'routing.http.xff_header_processing.mode': ofHttp('forwardedFor', (key, value) =>
    readChoice(key, value, ['append', 'preserve', 'remove']),
  ),
  'routing.http2.enabled': {
    show: ({ refusesHttp2 = false }) => String(!refusesHttp2),
    set: (balancer, value, key) => ({ ...balancer, refusesHttp2: !readBoolean(key, value) }),
  },
  'waf.fail_open.enabled': constant('false'),
  'zonal_shift.config.enabled': constant('false'),
}

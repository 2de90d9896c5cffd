import type { Balancer, TargetGroup } from '../../balance/records.ts'
import { validationError } from './errors.ts'

export interface Attribute {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

/** Attributes with one value here: what we do anyway. Another value is refused. */
const balancerConstants: Readonly<Record<string, string>> = {
  'access_logs.s3.enabled': 'false',
  'access_logs.s3.bucket': '',
  'access_logs.s3.prefix': '',
  'connection_logs.s3.enabled': 'false',
  'connection_logs.s3.bucket': '',
  'connection_logs.s3.prefix': '',
  'load_balancing.cross_zone.enabled': 'true',
  'routing.http.desync_mitigation_mode': 'strictest',
  'routing.http.drop_invalid_header_fields.enabled': 'true',
  'routing.http.preserve_host_header.enabled': 'true',
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': 'false',
  'routing.http.xff_client_port.enabled': 'false',
  'routing.http.xff_header_processing.mode': 'append',
  'routing.http2.enabled': 'false',
  'waf.fail_open.enabled': 'false',
  'zonal_shift.config.enabled': 'false',
}

const groupConstants: Readonly<Record<string, string>> = {
  'stickiness.enabled': 'false',
  'stickiness.type': 'lb_cookie',
  'load_balancing.algorithm.type': 'round_robin',
  'load_balancing.algorithm.anomaly_mitigation': 'off',
  'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
  'slow_start.duration_seconds': '0',
  'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
}

export function balancerAttributes(balancer: Balancer): Attribute[] {
  return listed({
    ...balancerConstants,
    'deletion_protection.enabled': String(balancer.isProtected),
    'idle_timeout.timeout_seconds': String(balancer.idleTimeoutSeconds),
  })
}

export function groupAttributes(group: TargetGroup): Attribute[] {
  return listed({
    ...groupConstants,
    'deregistration_delay.timeout_seconds': String(group.deregistrationDelaySeconds),
  })
}

function listed(attributes: Readonly<Record<string, string>>): Attribute[] {
  return Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }))
}

/** The change that balancer attributes ask for; one that cannot be honoured is refused by name. */
export function readBalancerAttributes(
  given: readonly Attribute[],
): Partial<Pick<Balancer, 'isProtected' | 'idleTimeoutSeconds'>> {
  let change: Partial<Pick<Balancer, 'isProtected' | 'idleTimeoutSeconds'>> = {}
  for (const { Key = '', Value = '' } of given) {
    if (Key === 'deletion_protection.enabled') {
      change = { ...change, isProtected: readBoolean(Key, Value) }
    } else if (Key === 'idle_timeout.timeout_seconds') {
      change = { ...change, idleTimeoutSeconds: readNumber(Key, Value, [1, 4000]) }
    } else checkConstant(balancerConstants, Key, Value)
  }
  return change
}

export function readGroupAttributes(
  given: readonly Attribute[],
): Partial<Pick<TargetGroup, 'deregistrationDelaySeconds'>> {
  let change: Partial<Pick<TargetGroup, 'deregistrationDelaySeconds'>> = {}
  for (const { Key = '', Value = '' } of given) {
    if (Key === 'deregistration_delay.timeout_seconds') {
      change = { deregistrationDelaySeconds: readNumber(Key, Value, [0, 3600]) }
    } else checkConstant(groupConstants, Key, Value)
  }
  return change
}

function checkConstant(
  constants: Readonly<Record<string, string>>,
  key: string,
  value: string,
): void {
  const only = Object.hasOwn(constants, key) ? constants[key] : undefined
  if (only === undefined) throw validationError(`Attribute key '${key}' is not recognized here`)
  if (only !== value) {
    throw validationError(
      `Attribute '${key}' is always '${only}' here; '${value}' is not supported`,
    )
  }
}

function readBoolean(key: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') {
    throw validationError(`Attribute '${key}' must be 'true' or 'false'`)
  }
  return value === 'true'
}

function readNumber(key: string, value: string, [least, most]: readonly [number, number]): number {
  const number = /^[0-9]{1,6}$/.test(value) ? Number(value) : -1
  if (number < least || number > most) {
    throw validationError(`Attribute '${key}' must be between ${least} and ${most}`)
  }
  return number
}

import type { CreateTargetGroupInput } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { TargetGroup } from '../../balance/records.ts'
import type { HealthCheckSpec } from '../../protocol/gateway.ts'
import { validationError } from './errors.ts'

type Given = Pick<
  CreateTargetGroupInput,
  | 'HealthCheckEnabled'
  | 'HealthCheckProtocol'
  | 'HealthCheckPort'
  | 'HealthCheckPath'
  | 'HealthCheckIntervalSeconds'
  | 'HealthCheckTimeoutSeconds'
  | 'HealthyThresholdCount'
  | 'UnhealthyThresholdCount'
  | 'Matcher'
>

/** ELBv2's defaults for HTTP. */
const defaults: HealthCheckSpec = {
  enabled: true,
  protocol: 'http',
  port: 'traffic-port',
  path: '/',
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  matcher: '200',
}

/** ELBv2's defaults for TCP groups, and for such a group that is asked over HTTP. */
const tcpDefaults: HealthCheckSpec = { ...defaults, protocol: 'tcp', timeoutSeconds: 10 }
const overHttpDefaults: HealthCheckSpec = { ...defaults, timeoutSeconds: 6, matcher: '200-399' }
const overHttpsDefaults: HealthCheckSpec = {
  ...overHttpDefaults,
  protocol: 'https',
  timeoutSeconds: 10,
}

/** ELBv2's defaults for gRPC: a method that no service has, which answers 12, UNIMPLEMENTED. */
const grpcDefaults: HealthCheckSpec = {
  ...defaults,
  path: '/AWS.ALB/healthcheck',
  matcher: '12',
}

function currentOf(given: Given, group: GroupBefore): HealthCheckSpec {
  const { isTcp, current } = group
  const protocol = given.HealthCheckProtocol ?? current?.protocol.toUpperCase()
  if (!isTcp) {
    if (protocol === 'TCP') throw validationError('HTTP target groups are checked over HTTP')
    const kept = current ?? (group.version === 'grpc' ? grpcDefaults : defaults)
    return { ...kept, protocol: protocol === 'HTTPS' ? 'https' : 'http' }
  }
  const isOverHttp = protocol === 'HTTP' || protocol === 'HTTPS'
  if (!isOverHttp && (given.HealthCheckPath ?? given.Matcher) !== undefined) {
    throw validationError('A health check over TCP has neither path nor matcher')
  }
  if (!isOverHttp) return { ...(current ?? tcpDefaults), protocol: 'tcp' }
  const asked = protocol === 'HTTPS' ? overHttpsDefaults : overHttpDefaults
  // A check over TCP had no matcher: what its record holds was never shown.
  const kept = current?.protocol === 'tcp' ? { ...current, matcher: asked.matcher } : current
  return { ...(kept ?? asked), protocol: asked.protocol }
}

export interface GroupBefore {
  readonly isTcp: boolean
  readonly version?: TargetGroup['version'] | undefined
  readonly current?: HealthCheckSpec
}

/** The members that are given over `current`, checked as ELBv2 checks them. */
export function readHealthCheck(given: Given, group: GroupBefore): HealthCheckSpec {
  const current = currentOf(given, group)
  const check: HealthCheckSpec = {
    enabled: readEnabled(given.HealthCheckEnabled),
    protocol: current.protocol,
    port: readPort(given.HealthCheckPort, current.port),
    path: given.HealthCheckPath ?? current.path,
    intervalSeconds: given.HealthCheckIntervalSeconds ?? current.intervalSeconds,
    timeoutSeconds: given.HealthCheckTimeoutSeconds ?? current.timeoutSeconds,
    healthyThreshold: given.HealthyThresholdCount ?? current.healthyThreshold,
    unhealthyThreshold: given.UnhealthyThresholdCount ?? current.unhealthyThreshold,
    matcher: readMatcher(given, group, current.matcher),
  }
  within('Health check interval', check.intervalSeconds, [5, 300])
  within('Health check timeout', check.timeoutSeconds, [2, 120])
  within('Healthy threshold count', check.healthyThreshold, [2, 10])
  within('Unhealthy threshold count', check.unhealthyThreshold, [2, 10])
  if (check.timeoutSeconds >= check.intervalSeconds) {
    throw validationError('Health check interval must be greater than the timeout.')
  }
  if (!/^\/[\x21-\x7e]{0,1023}$/.test(check.path)) {
    throw validationError(`Health check path '${check.path}' must start with '/'`)
  }
  return check
}

/** Only those of functions may be switched off. */
function readEnabled(isEnabled: boolean | undefined): true {
  if (isEnabled !== false) return true
  throw validationError(
    'Health checks cannot be disabled for target groups with target type instance or ip',
  )
}

const httpCodes = /^[2-4][0-9]{2}(-[2-4][0-9]{2})?(,[2-4][0-9]{2}(-[2-4][0-9]{2})?)*$/
/** Targets of a network balancer may be well with any final answer. */
const networkCodes = /^[2-5][0-9]{2}(-[2-5][0-9]{2})?(,[2-5][0-9]{2}(-[2-5][0-9]{2})?)*$/
const grpcCodes = /^[0-9]{1,2}(-[0-9]{1,2})?(,[0-9]{1,2}(-[0-9]{1,2})?)*$/

/** Codes of gRPC for groups of gRPC, of HTTP for all others: one given in the wrong place is refused. */
function readMatcher({ Matcher }: Given, { version, isTcp }: GroupBefore, current: string): string {
  const isGrpc = version === 'grpc'
  const kind = isGrpc ? 'GRPC' : 'HTTP'
  if ((isGrpc ? Matcher?.HttpCode : Matcher?.GrpcCode) !== undefined) {
    throw validationError(
      `Health check matcher ${isGrpc ? 'HTTP' : 'GRPC'} code is not supported here; specify a ${kind} code`,
    )
  }
  const codes = (isGrpc ? Matcher?.GrpcCode : Matcher?.HttpCode) ?? current
  const allowed = isTcp ? networkCodes : httpCodes
  if ((isGrpc ? grpcCodes : allowed).test(codes)) return codes
  throw validationError(`Health check matcher ${kind} code '${codes}' is not valid`)
}

function readPort(
  text: string | undefined,
  current: HealthCheckSpec['port'],
): HealthCheckSpec['port'] {
  if (text === undefined) return current
  if (text === 'traffic-port') return text
  if (/^[0-9]{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535) return Number(text)
  throw validationError(`Health check port '${text}' must be 'traffic-port' or 1 to 65535`)
}

function within(what: string, value: number, [least, most]: readonly [number, number]): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw validationError(`${what} '${value}' must be between ${least} and ${most}`)
  }
}

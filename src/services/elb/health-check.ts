import type { HealthCheck } from '@aws-sdk/client-elastic-load-balancing'
import type { ClassicHealthCheck } from '../../balance/classic-records.ts'
import { validationError } from './errors.ts'

export const healthCheckMembers = {
  Target: true,
  Interval: true,
  Timeout: true,
  UnhealthyThreshold: true,
  HealthyThreshold: true,
} as const

/** `HTTP:80/x`, `HTTPS:443/x`, `TCP:80` and `SSL:443`; AWS's bounds. */
export function readHealthCheck(given: HealthCheck | undefined): ClassicHealthCheck {
  if (given === undefined) throw validationError('HealthCheck is required')
  const check = {
    ...readTarget(given.Target ?? ''),
    intervalSeconds: within('Interval', given.Interval, [5, 300]),
    timeoutSeconds: within('Timeout', given.Timeout, [2, 60]),
    unhealthyThreshold: within('UnhealthyThreshold', given.UnhealthyThreshold, [2, 10]),
    healthyThreshold: within('HealthyThreshold', given.HealthyThreshold, [2, 10]),
  }
  if (check.timeoutSeconds < check.intervalSeconds) return check
  throw validationError('HealthCheck timeout must be less than interval')
}

/** AWS's words, and the gateways'. */
const protocols: Readonly<Record<string, ClassicHealthCheck['protocol']>> = {
  HTTP: 'http',
  HTTPS: 'https',
  TCP: 'tcp',
  SSL: 'tls',
}

function readTarget(target: string): Pick<ClassicHealthCheck, 'protocol' | 'port' | 'path'> {
  const match = /^([A-Za-z]+):(\d{1,5})(\/\S*)?$/.exec(target)
  const [, named = '', digits = '', path = ''] = match ?? []
  const word = named.toUpperCase()
  const protocol = Object.hasOwn(protocols, word) ? protocols[word] : undefined
  const port = Number(digits)
  const hasPath = word.startsWith('HTTP')
  const isWhole = hasPath === (path !== '') && path.length <= 1024
  if (protocol === undefined || !isWhole || port < 1 || port > 65_535) {
    throw validationError(
      `HealthCheck target '${target}' must be of the form HTTP:port/path, HTTPS:port/path, TCP:port or SSL:port`,
    )
  }
  return { protocol, port, path }
}

function within(
  member: string,
  value: number | undefined,
  [least, most]: readonly [number, number],
): number {
  if (value !== undefined && value >= least && value <= most) return value
  throw validationError(`HealthCheck ${member} must be between ${least} and ${most}`)
}

function wordOf(protocol: ClassicHealthCheck['protocol']): string {
  return Object.keys(protocols).find((word) => protocols[word] === protocol) ?? ''
}

export function healthCheckView(check: ClassicHealthCheck): HealthCheck {
  return {
    Target: `${wordOf(check.protocol)}:${check.port}${check.path}`,
    Interval: check.intervalSeconds,
    Timeout: check.timeoutSeconds,
    UnhealthyThreshold: check.unhealthyThreshold,
    HealthyThreshold: check.healthyThreshold,
  }
}

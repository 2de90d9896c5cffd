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

/** `HTTP:80/x` and `TCP:80`; AWS's bounds. */
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

function readTarget(target: string): Pick<ClassicHealthCheck, 'protocol' | 'port' | 'path'> {
  const match = /^([A-Za-z]+):(\d{1,5})(\/\S*)?$/.exec(target)
  const [, named = '', digits = '', path = ''] = match ?? []
  const protocol = named.toUpperCase()
  if (protocol === 'HTTPS' || protocol === 'SSL') {
    throw validationError(
      `HealthCheck target '${target}': ${protocol} checks are not supported here`,
    )
  }
  const port = Number(digits)
  const isHttp = protocol === 'HTTP'
  const isWhole = isHttp === (path !== '') && path.length <= 1024
  if ((!isHttp && protocol !== 'TCP') || !isWhole || port < 1 || port > 65_535) {
    throw validationError(
      `HealthCheck target '${target}' must be of the form HTTP:port/path or TCP:port`,
    )
  }
  return { protocol: isHttp ? 'http' : 'tcp', port, path }
}

function within(
  member: string,
  value: number | undefined,
  [least, most]: readonly [number, number],
): number {
  if (value !== undefined && value >= least && value <= most) return value
  throw validationError(`HealthCheck ${member} must be between ${least} and ${most}`)
}

export function healthCheckView(check: ClassicHealthCheck): HealthCheck {
  return {
    Target: `${check.protocol.toUpperCase()}:${check.port}${check.path}`,
    Interval: check.intervalSeconds,
    Timeout: check.timeoutSeconds,
    UnhealthyThreshold: check.unhealthyThreshold,
    HealthyThreshold: check.healthyThreshold,
  }
}

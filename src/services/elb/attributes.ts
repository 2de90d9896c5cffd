import type { AccessLog, LoadBalancerAttributes } from '@aws-sdk/client-elastic-load-balancing'
import type { ClassicBalancer } from '../../balance/classic-records.ts'
import type { AccessLogSettings } from '../../balance/records.ts'
import { is } from '../../wire/accept.ts'
import { validationError } from './errors.ts'

const desyncKey = 'elb.http.desyncmitigationmode'
const desyncModes = ['monitor', 'defensive', 'strictest'] as const

/** What may be set. */
export const attributeMembers = {
  CrossZoneLoadBalancing: { Enabled: true },
  AccessLog: { Enabled: true, EmitInterval: is(5, 60), S3BucketName: true, S3BucketPrefix: true },
  ConnectionDraining: { Enabled: true, Timeout: true },
  ConnectionSettings: { IdleTimeout: true },
  AdditionalAttributes: { Key: is(desyncKey), Value: is(...desyncModes) },
} as const

export function withAttributes(
  balancer: ClassicBalancer,
  given: LoadBalancerAttributes,
): ClassicBalancer {
  const { CrossZoneLoadBalancing: cross, ConnectionDraining: draining } = given
  const { ConnectionSettings: settings, AccessLog: accessLog } = given
  const desync = given.AdditionalAttributes?.find(({ Key }) => Key === desyncKey)?.Value
  const desyncMode = desyncModes.find((mode) => mode === desync)
  return {
    ...balancer,
    ...(cross === undefined ? {} : { isCrossZone: cross.Enabled === true }),
    ...(accessLog === undefined ? {} : { accessLog: readAccessLog(accessLog) }),
    ...(desyncMode === undefined ? {} : { desyncMode }),
    ...(draining === undefined
      ? {}
      : {
          isDraining: draining.Enabled === true,
          drainingSeconds: within(
            'ConnectionDraining.Timeout',
            draining.Timeout ?? balancer.drainingSeconds,
            3600,
          ),
        }),
    ...(settings === undefined
      ? {}
      : {
          idleTimeoutSeconds: within('ConnectionSettings.IdleTimeout', settings.IdleTimeout, 4000),
        }),
  }
}

/** The whole of what is wanted, as on AWS: a member that is not given is not set. */
function readAccessLog(given: AccessLog): AccessLogSettings {
  const { Enabled = false, EmitInterval, S3BucketName = '', S3BucketPrefix = '' } = given
  if (Enabled && S3BucketName === '') {
    throw validationError('AccessLog.S3BucketName is required when AccessLog.Enabled is true')
  }
  if (S3BucketPrefix.includes('AWSLogs') || /^\/|\/$/.test(S3BucketPrefix)) {
    throw validationError(
      `AccessLog.S3BucketPrefix '${S3BucketPrefix}' must not contain AWSLogs, nor begin or end with '/'`,
    )
  }
  return {
    isEnabled: Enabled,
    bucket: S3BucketName,
    prefix: S3BucketPrefix,
    minutes: EmitInterval === 5 ? 5 : 60,
  }
}

function within(member: string, value: number | undefined, most: number): number {
  if (value !== undefined && value >= 1 && value <= most) return value
  throw validationError(`${member} must be between 1 and ${most}`)
}

function accessLogView(settings: AccessLogSettings | undefined): AccessLog {
  if (settings?.isEnabled !== true) return { Enabled: false }
  const { bucket, prefix, minutes = 60 } = settings
  return {
    Enabled: true,
    S3BucketName: bucket,
    EmitInterval: minutes,
    ...(prefix === '' ? {} : { S3BucketPrefix: prefix }),
  }
}

export function attributesView(balancer: ClassicBalancer): LoadBalancerAttributes {
  return {
    CrossZoneLoadBalancing: { Enabled: balancer.isCrossZone },
    AccessLog: accessLogView(balancer.accessLog),
    ConnectionDraining: { Enabled: balancer.isDraining, Timeout: balancer.drainingSeconds },
    ConnectionSettings: { IdleTimeout: balancer.idleTimeoutSeconds },
    AdditionalAttributes: [{ Key: desyncKey, Value: balancer.desyncMode ?? 'defensive' }],
  }
}

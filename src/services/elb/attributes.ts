import type { LoadBalancerAttributes } from '@aws-sdk/client-elastic-load-balancing'
import type { ClassicBalancer } from '../../balance/classic-records.ts'
import { is } from '../../wire/accept.ts'
import { validationError } from './errors.ts'

/** Both modes are one here: what could be read in two ways is refused. */
const desyncKey = 'elb.http.desyncmitigationmode'

/** What may be set. Access logs may only be off. */
export const attributeMembers = {
  CrossZoneLoadBalancing: { Enabled: true },
  AccessLog: { Enabled: is(false), EmitInterval: is(60) },
  ConnectionDraining: { Enabled: true, Timeout: true },
  ConnectionSettings: { IdleTimeout: true },
  AdditionalAttributes: { Key: is(desyncKey), Value: is('defensive', 'strictest') },
} as const

export function withAttributes(
  balancer: ClassicBalancer,
  given: LoadBalancerAttributes,
): ClassicBalancer {
  const { CrossZoneLoadBalancing: cross, ConnectionDraining: draining } = given
  const { ConnectionSettings: settings } = given
  return {
    ...balancer,
    ...(cross === undefined ? {} : { isCrossZone: cross.Enabled === true }),
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

function within(member: string, value: number | undefined, most: number): number {
  if (value !== undefined && value >= 1 && value <= most) return value
  throw validationError(`${member} must be between 1 and ${most}`)
}

export function attributesView(balancer: ClassicBalancer): LoadBalancerAttributes {
  return {
    CrossZoneLoadBalancing: { Enabled: balancer.isCrossZone },
    AccessLog: { Enabled: false },
    ConnectionDraining: { Enabled: balancer.isDraining, Timeout: balancer.drainingSeconds },
    ConnectionSettings: { IdleTimeout: balancer.idleTimeoutSeconds },
    AdditionalAttributes: [{ Key: desyncKey, Value: 'defensive' }],
  }
}

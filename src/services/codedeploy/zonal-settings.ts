import type { ZonalConfig as ZonalInput } from '@aws-sdk/client-codedeploy'
import type { ZonalConfig } from '../../deploy/domain/zonal-rollout.ts'
import * as errors from './errors.ts'

/** AWS's defaults: no watching, no minimum; the first zone is watched as long as the others. */
export function openZonal(given: ZonalInput): ZonalConfig {
  const monitorSeconds = seconds('monitorDurationInSeconds', given.monitorDurationInSeconds ?? 0)
  const { type = 'FLEET_PERCENT', value = 0 } = given.minimumHealthyHostsPerZone ?? {}
  const isPossible =
    value >= 0 && (type === 'HOST_COUNT' || (type === 'FLEET_PERCENT' && value <= 99))
  if (!isPossible) {
    throw errors.invalidZonalConfig(
      'minimumHealthyHostsPerZone is a HOST_COUNT of 0 or more, or a FLEET_PERCENT of 0 to 99',
    )
  }
  return {
    monitorSeconds,
    firstZoneMonitorSeconds: seconds(
      'firstZoneMonitorDurationInSeconds',
      given.firstZoneMonitorDurationInSeconds ?? monitorSeconds,
    ),
    minimumHealthyHostsPerZone: { type, value },
  }
}

function seconds(member: string, value: number): number {
  if (Number.isInteger(value) && value >= 0) return value
  throw errors.invalidZonalConfig(`${member} is a number of seconds`)
}

export function viewZonal(zonal: ZonalConfig): ZonalInput {
  const { type, value } = zonal.minimumHealthyHostsPerZone
  return {
    firstZoneMonitorDurationInSeconds: zonal.firstZoneMonitorSeconds,
    monitorDurationInSeconds: zonal.monitorSeconds,
    ...(type !== 'MOST_CONCURRENCY' && { minimumHealthyHostsPerZone: { type, value } }),
  }
}

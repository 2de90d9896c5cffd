import type { InstanceMaintenancePolicy } from '@aws-sdk/client-auto-scaling'
import type { Group } from '../../scale/group.ts'
import { validationError } from './errors.ts'
import { checkHealthyRange } from './refresh-specification.ts'

const daySeconds = 86_400
const yearSeconds = 365 * daySeconds

/** How old instances may become; 0 means as old as they like. */
export function lifetimeOf(seconds: number | undefined): Pick<Group, 'maxInstanceLifetimeSeconds'> {
  if (seconds === undefined) return {}
  if (seconds === 0) return { maxInstanceLifetimeSeconds: undefined }
  if (!Number.isInteger(seconds) || seconds < daySeconds || seconds > yearSeconds) {
    throw validationError(
      `MaxInstanceLifetime must be 0 or between ${daySeconds} and ${yearSeconds} seconds`,
    )
  }
  return { maxInstanceLifetimeSeconds: seconds }
}

/** -1 twice takes the policy away, as on AWS. */
export function maintenanceOf(
  given: InstanceMaintenancePolicy | undefined,
): Pick<Group, 'maintenance'> {
  if (!given) return {}
  const { MinHealthyPercentage: min, MaxHealthyPercentage: max } = given
  if (min === -1 && max === -1) return { maintenance: undefined }
  if (min === undefined || max === undefined) {
    throw validationError(
      'An InstanceMaintenancePolicy needs both MinHealthyPercentage and MaxHealthyPercentage',
    )
  }
  return { maintenance: checkHealthyRange(min, max, { minPercent: 90, maxPercent: 100 }) }
}

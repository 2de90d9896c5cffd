import { is } from '../../wire/accept.ts'
import type { AcceptRule } from '../../wire/service.ts'

/** Accepts a list of these values. */
function eachOf(...values: readonly string[]): AcceptRule {
  const isOne = is(...values)
  return (value) => Array.isArray(value) && value.every(isOne)
}

/** The model's enumerations, which its validation leaves to the service. */
export const deploymentStatuses = eachOf(
  ...['Created', 'Queued', 'InProgress', 'Baking', 'Succeeded', 'Failed', 'Stopped', 'Ready'],
)
export const instanceStatuses = eachOf(
  ...['Pending', 'InProgress', 'Succeeded', 'Failed', 'Skipped', 'Unknown', 'Ready'],
)
export const instanceLabels = eachOf('Blue', 'Green')

/** Whether a text can name a bucket. */
export function isBucketName(name: unknown): boolean {
  return typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/.test(name)
}

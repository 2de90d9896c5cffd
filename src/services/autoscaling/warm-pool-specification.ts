import type { PutWarmPoolType, WarmPoolConfiguration } from '@aws-sdk/client-auto-scaling'
import type { WarmPool } from '../../scale/group.ts'
import { validationError } from './errors.ts'

/** A typo should not ask one machine for millions of instances. */
const sizeMax = 10_000

/** A pool out of a request: what it does not name goes back to its default, as on AWS. */
export function checkWarmPool(given: Partial<PutWarmPoolType>): WarmPool {
  const { PoolState: state = 'Stopped', MaxGroupPreparedCapacity: prepared = -1 } = given
  if (state === 'Hibernated') {
    throw validationError(
      'PoolState Hibernated is not supported here: Stopped and Running are. No machine hibernates.',
    )
  }
  if (state !== 'Stopped' && state !== 'Running') {
    throw validationError(
      `1 validation error detected: Value '${String(state)}' at 'poolState' failed to satisfy constraint: ` +
        'Member must satisfy enum value set: [Hibernated, Stopped, Running]',
    )
  }
  const minSize = size('MinSize', given.MinSize ?? 0, 0)
  const preparedMax = size('MaxGroupPreparedCapacity', prepared, -1)
  const reuses = given.InstanceReusePolicy?.ReuseOnScaleIn
  return {
    state,
    minSize,
    ...(preparedMax >= 0 && { preparedMax }),
    ...(reuses !== undefined && { reusesOnScaleIn: reuses }),
    isDeleting: false,
  }
}

function size(name: string, given: number, min: number): number {
  if (Number.isInteger(given) && given >= min && given <= sizeMax) return given
  throw validationError(`${name} must be a whole number between ${min} and ${sizeMax}`)
}

/** As DescribeWarmPool and DescribeAutoScalingGroups show it. */
export function warmPoolShape(pool: WarmPool): WarmPoolConfiguration {
  return {
    ...(pool.preparedMax !== undefined && { MaxGroupPreparedCapacity: pool.preparedMax }),
    MinSize: pool.minSize,
    PoolState: pool.state,
    ...(pool.isDeleting && { Status: 'PendingDelete' as const }),
    ...(pool.reusesOnScaleIn !== undefined && {
      InstanceReusePolicy: { ReuseOnScaleIn: pool.reusesOnScaleIn },
    }),
  }
}

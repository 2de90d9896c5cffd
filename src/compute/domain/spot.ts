import type { Tag } from '../../kernel/tags.ts'
import type { Instance } from '../instance.ts'

/** How an instance on spot is asked for. */
export interface SpotTerms {
  /** As given: spot costs nothing here, so that no price is ever passed. */
  readonly maxPrice?: string
  /** Of the request, not of the instance. */
  readonly tags?: readonly Tag[]
}

/** The request that an instance on spot came of: as long as the instance is known, so is it. */
export interface SpotRequest extends SpotTerms {
  readonly requestId: string
  readonly createdAt: number
  /** CancelSpotInstanceRequests: the instance runs on. */
  readonly cancelledAt?: number
}

/** That an instance on spot is taken back: first a recommendation, then the warning, then the end. All times in milliseconds since the epoch. */
export interface Interruption {
  readonly recommendedAt: number
  readonly warnedAt: number
  readonly endsAt: number
  /** How much of it was told to whoever listens to events. */
  readonly told?: 'recommendation' | 'warning'
}

export type SpotState = 'active' | 'closed' | 'cancelled'

/** A request's state, the code and the words of its status, as EC2 has them for requests of one instance. */
export function spotStatus(
  instance: Pick<Instance, 'desired' | 'state' | 'spot' | 'interruption'>,
  now: number,
): {
  readonly state: SpotState
  readonly code: string
  readonly message: string
} {
  const isEnded = instance.desired !== 'running'
  const isCancelled = instance.spot?.cancelledAt !== undefined
  const isInterrupted = instance.interruption !== undefined && instance.interruption.endsAt <= now
  if (isEnded) {
    return {
      state: isCancelled ? 'cancelled' : 'closed',
      ...(isInterrupted ? noCapacity : byUser),
    }
  }
  if (isCancelled) {
    const message = 'Your Spot request is canceled, and your instance is running.'
    return { state: 'cancelled', code: 'request-canceled-and-instance-running', message }
  }
  const { warnedAt = Number.POSITIVE_INFINITY } = instance.interruption ?? {}
  if (warnedAt <= now) {
    const message = 'Your Spot instance is marked for termination.'
    return { state: 'active', code: 'marked-for-termination', message }
  }
  return { state: 'active', code: 'fulfilled', message: 'Your Spot request is fulfilled.' }
}

const noCapacity = {
  code: 'instance-terminated-no-capacity',
  message: 'Your Spot instance was terminated because its capacity was taken back.',
}
const byUser = {
  code: 'instance-terminated-by-user',
  message: 'Spot Instance terminated due to user-initiated termination.',
}

import { isoSeconds } from '../../kernel/clock.ts'
import type { Tag } from '../../kernel/tags.ts'
import type { Instance } from '../instance.ts'

/** How an instance on spot is asked for. */
export interface SpotTerms {
  /** As given: spot costs nothing here, so that no price is ever passed. */
  readonly maxPrice?: string
  /** As far as they were given, for templates to show again: there are no others. */
  readonly requestType?: 'one-time'
  readonly behavior?: 'terminate'
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

/** One step of an interruption. */
export type InterruptionStep =
  | { readonly step: 'nothing' }
  | { readonly step: 'wait'; readonly until: number }
  | { readonly step: 'tell'; readonly what: 'recommendation' | 'warning' }
  | { readonly step: 'end' }

/** What to do next about an instance whose capacity is taken back. It is told in order, and ends only once it was warned. */
export function planInterruption(
  { desired, interruption }: Pick<Instance, 'desired' | 'interruption'>,
  now: number,
): InterruptionStep {
  if (!interruption || desired !== 'running') return { step: 'nothing' }
  const { told, recommendedAt, warnedAt, endsAt } = interruption
  const next = told === undefined ? recommendedAt : told === 'recommendation' ? warnedAt : endsAt
  if (now < next) return { step: 'wait', until: next }
  if (told === 'warning') return { step: 'end' }
  return { step: 'tell', what: told === undefined ? 'recommendation' : 'warning' }
}

/** What the metadata service tells of an interruption, by path under `meta-data/`. Nothing is there before it was told. */
export function interruptionLeaves(
  interruption: Interruption | undefined,
): Readonly<Record<string, string>> {
  if (interruption?.told === undefined) return {}
  const noticeTime = isoSeconds(interruption.recommendedAt)
  const recommended = { 'events/recommendations/rebalance': JSON.stringify({ noticeTime }) }
  if (interruption.told === 'recommendation') return recommended
  const time = isoSeconds(interruption.endsAt)
  return {
    ...recommended,
    'spot/instance-action': JSON.stringify({ action: 'terminate', time }),
    'spot/termination-time': time,
  }
}

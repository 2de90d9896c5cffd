import { utf8Length } from './utf8-length.ts'

export interface BatchEvent {
  readonly at: number
  readonly message: string
}

/** Places in the batch, as AWS tells them: the ends are exclusive. */
export interface RejectedEvents {
  readonly tooNewStart?: number
  readonly tooOldEnd?: number
  readonly expiredEnd?: number
}

export interface AcceptedBatch {
  readonly accepted: readonly BatchEvent[]
  readonly rejected: RejectedEvents | undefined
}

/** AWS's bounds of one PutLogEvents. */
const batchBytesMax = 1_048_576
const overheadBytes = 26
const hour = 3_600_000
const spanMax = 24 * hour
const pastMax = 14 * 24 * hour
const futureMax = 2 * hour

/**
 * What of a batch is taken, or why none of it is. `keptFrom`: older events are past the group's retention.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export function acceptBatch(
  events: readonly BatchEvent[],
  { now, keptFrom }: { readonly now: number; readonly keptFrom: number },
): AcceptedBatch | { readonly fault: string } {
  const fault = faultOf(events)
  if (fault !== undefined) return { fault }
  const firstOf = (isFirst: (event: BatchEvent) => boolean): number => {
    const found = events.findIndex(isFirst)
    return found < 0 ? events.length : found
  }
  // They are in order of time: what is too old stands before what is taken, and what is too new behind it.
  const expiredEnd = firstOf(({ at }) => at >= keptFrom)
  const tooOldEnd = firstOf(({ at }) => at >= now - pastMax)
  const tooNewStart = firstOf(({ at }) => at > now + futureMax)
  const [first, last] = [events[tooOldEnd], events[tooNewStart - 1]]
  if (first && last && last.at - first.at > spanMax) {
    return {
      fault:
        'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    }
  }
  const rejected: RejectedEvents = {
    ...(tooNewStart < events.length ? { tooNewStart } : {}),
    ...(tooOldEnd > 0 ? { tooOldEnd } : {}),
    ...(expiredEnd > tooOldEnd ? { expiredEnd } : {}),
  }
  return {
    accepted: events.slice(Math.max(expiredEnd, tooOldEnd), tooNewStart),
    rejected: Object.keys(rejected).length > 0 ? rejected : undefined,
  }
}

function faultOf(events: readonly BatchEvent[]): string | undefined {
  let bytes = 0
  let last = Number.NEGATIVE_INFINITY
  for (const { at, message } of events) {
    if (at < last) {
      return 'Log events in a single PutLogEvents request must be in chronological order.'
    }
    last = at
    bytes += utf8Length(message) + overheadBytes
  }
  if (bytes > batchBytesMax) {
    return `Upload too large: ${bytes} bytes exceeds limit of ${batchBytesMax}`
  }
  return undefined
}

/** A message on its way in. Attributes are kept as the JSON text that the service made of them. */
export interface NewMessage {
  readonly queue: number
  /** A UUID. */
  readonly id: string
  readonly body: string
  readonly attributes?: string | undefined
  readonly trace?: string | undefined
  readonly sender: string
  readonly sentAt: number
  readonly visibleAt: number
  readonly isFifo: boolean
  readonly group?: string | undefined
  readonly deduplicationId?: string | undefined
  /** FIFO: within `until`, a second message with the same key is the same message. */
  readonly deduplicationKey?: string | undefined
  readonly deduplicateUntil?: number | undefined
}

export interface AppendedMessage {
  readonly id: string
  /** Grows with each message of a FIFO queue; 0 in standard ones, where nobody asks. */
  readonly sequence: number
  readonly isDuplicate: boolean
}

/** One delivery of a message: what a receipt handle says. */
export interface Delivery {
  readonly queue: number
  readonly sequence: number
  /** The message's id, which nobody can guess. */
  readonly id: string
  /** The how many-th delivery from this queue it was, from 1. */
  readonly delivery: number
}

export interface StoredMessage extends Delivery {
  readonly body: string
  readonly attributes: string | undefined
  readonly trace: string | undefined
  readonly sender: string
  readonly sentAt: number
  readonly firstReceivedAt: number
  /** Over all queues that it was in. */
  readonly receiveCount: number
  readonly group: string | undefined
  readonly deduplicationId: string | undefined
  /** The queue that it was a dead letter of. */
  readonly sourceArn: string | undefined
}

export interface ClaimOrder {
  readonly queue: number
  readonly isFifo: boolean
  readonly limit: number
  readonly now: number
  readonly visibleAt: number
  /** Messages that were kept since before are past their retention, and are as good as gone. */
  readonly keptAfter: number
  readonly attempt?: string
  readonly redrive?: {
    readonly queue: number
    readonly deliveriesMax: number
    readonly sourceArn: string
  }
}

export interface ClaimedMessages {
  readonly messages: readonly StoredMessage[]
  readonly movedCount: number
}

export interface RemovalOrder extends Delivery {
  /** FIFO: a delivery that timed out can no longer remove its message. */
  readonly mustBeInFlight: boolean
}

export type RemovalOutcome = 'removed' | 'absent' | 'expired'

export interface VisibilityOrder extends Delivery {
  readonly visibleAt: number
  /** No later than this after the delivery began: 12 hours. */
  readonly hiddenMillisecondsMax: number
}

export type VisibilityOutcome = 'changed' | 'absent' | 'not-in-flight' | 'too-long'

export interface MessageCounts {
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
  /** When the oldest message came into this queue. */
  readonly oldestAt: number | undefined
}

export interface MoveOrder {
  readonly from: number
  readonly limit: number
  readonly now: number
  readonly isFifo: boolean
  /** Where to: one queue, or by the ARN of the queue that a message was a dead letter of. */
  readonly to: number | ReadonlyMap<string, number>
}

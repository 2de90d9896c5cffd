import type {
  AppendedMessage,
  ClaimOrder,
  ClaimedMessages,
  Delivery,
  MessageCounts,
  MoveOrder,
  NewMessage,
  RemovalOutcome,
  RemovalOrder,
  StoredMessage,
  VisibilityOrder,
  VisibilityOutcome,
} from './domain/message.ts'

/**
 * Messages are hot, so they have a store of their own beside the records. Queues are known by their `key`, a number that
 * no other queue ever had. Times are milliseconds since the epoch and come from the caller. What a call has answered is
 * durable. Every call with many items is one commit, and answers in the order of its items.
 */
export interface MessageStore {
  /** Puts messages behind all that were appended before. A duplicate answers what its original got, and stores nothing. */
  append(messages: readonly NewMessage[], now: number): Promise<readonly AppendedMessage[]>
  /**
   * Delivers up to `limit` visible messages and hides them until `visibleAt`. Two claims never deliver the same message. Messages that
   * were delivered too often go to their dead-letter queue instead, and count in `movedCount`.
   */
  claim(order: ClaimOrder): Promise<ClaimedMessages>
  /** The messages of an earlier claim with this attempt, those that are still hidden; hidden until `visibleAt` from now on. */
  replay(order: {
    queue: number
    attempt: string
    attemptedAfter: number
    now: number
    visibleAt: number
  }): Promise<readonly StoredMessage[]>
  remove(orders: readonly RemovalOrder[], now: number): Promise<readonly RemovalOutcome[]>
  changeVisibility(
    orders: readonly VisibilityOrder[],
    now: number,
  ): Promise<readonly VisibilityOutcome[]>
  /** Gives back deliveries that nobody got: they are visible again, as if they had not been delivered. */
  release(deliveries: readonly Delivery[], now: number): Promise<void>
  /** True at the moment of asking. */
  count(queue: number, now: number): Promise<MessageCounts>
  /** When the next hidden message of the queue shows; undefined when none is hidden. */
  nextVisibleAt(queue: number, now: number): Promise<number | undefined>
  /** Moves visible messages of a queue to another, or each to where it came from. */
  move(order: MoveOrder): Promise<{ moved: number; unplaced: number }>
  /** The mark of what is in the queue now, for `purge`. */
  lastSequence(): Promise<number>
  /** Removes up to `limit` messages that are not after the mark. */
  purge(queue: number, through: number, limit: number): Promise<number>
  /** Removes up to `limit` messages that were kept since before `keptBefore`, and deduplication marks that ended. */
  expire(queue: number, keptBefore: number, now: number, limit: number): Promise<number>
  /** Every queue that has messages. */
  queues(): Promise<readonly number[]>
  /** Removes every message of every queue, and every deduplication mark. */
  clear(): Promise<void>
  /** Called when a server changed what can be received from a queue; this one or, on a shared database, another. */
  watch(listener: (queue: number) => void): () => void
  close(): Promise<void>
}

import type { QueryResultRow } from 'pg'
import type {
  ClaimedMessages,
  Delivery,
  RemovalOrder,
  StoredMessage,
  VisibilityOrder,
} from '../../queue/domain/message.ts'

export interface MessageRow extends QueryResultRow {
  readonly queue: number
  readonly sequence: number
  readonly id: string
  readonly delivery: number
  readonly earlier_receives: number
  readonly body: string
  readonly attributes: string | null
  readonly trace: string | null
  readonly sender: string
  readonly sent_at: number
  readonly first_received_at: number
  readonly message_group: string | null
  readonly deduplication_id: string | null
  readonly source_arn: string | null
}

/** The last row of a claim has no message; it tells of the claim as a whole. */
export type ClaimRow = MessageRow & {
  readonly moved: number | null
  readonly front: number | null
  readonly looked: number | null
  readonly last_group: string | null
}

export interface Claim extends ClaimedMessages {
  /** Of a standard queue, since when its first message has been visible; of a FIFO queue, its first message's sequence. */
  readonly front: number | undefined
  /** FIFO: at how many messages it looked. */
  readonly looked: number
  /** FIFO: where a walk through the groups ended. */
  readonly lastGroup: string
}

export function claimOf(rows: readonly ClaimRow[]): Claim {
  const last = rows.at(-1)
  return {
    messages: rows.filter(({ moved }) => moved === null).map(messageOf),
    movedCount: last?.moved ?? 0,
    front: last?.front ?? undefined,
    looked: last?.looked ?? 0,
    lastGroup: last?.last_group ?? '',
  }
}

export function messageOf(row: MessageRow): StoredMessage {
  return {
    queue: row.queue,
    sequence: row.sequence,
    id: row.id,
    delivery: row.delivery,
    body: row.body,
    attributes: row.attributes ?? undefined,
    trace: row.trace ?? undefined,
    sender: row.sender,
    sentAt: row.sent_at,
    firstReceivedAt: row.first_received_at,
    receiveCount: row.delivery + row.earlier_receives,
    group: row.message_group ?? undefined,
    deduplicationId: row.deduplication_id ?? undefined,
    sourceArn: row.source_arn ?? undefined,
  }
}

type AnyOrder = Delivery & Partial<RemovalOrder> & Partial<VisibilityOrder>

/** In the order of the rows, so that two statements seldom wait for each other. */
export function deliveriesText(orders: readonly AnyOrder[]): string {
  const rows = orders.map((order, n) => ({
    n,
    q: order.queue,
    s: order.sequence,
    i: order.id,
    d: order.delivery,
    f: order.mustBeInFlight ?? false,
    v: order.visibleAt,
    h: order.hiddenMillisecondsMax,
  }))
  return JSON.stringify(rows.toSorted((a, b) => a.q - b.q || a.s - b.s))
}

import { randomUUID } from 'node:crypto'
import type { Pool, PoolClient, QueryResultRow } from 'pg'
import type {
  AppendedMessage,
  ClaimOrder,
  ClaimedMessages,
  Delivery,
  MessageCounts,
  MoveOrder,
  NewMessage,
  RemovalOrder,
  RemovalOutcome,
  StoredMessage,
  VisibilityOrder,
  VisibilityOutcome,
} from '../../queue/domain/message.ts'
import type { MessageStore } from '../../queue/message-store.ts'
import { appendFifo, messagesText, type RunStatement } from './append-messages.ts'
import { ChangeRelay } from './change-relay.ts'
import { ClaimFronts } from './claim-fronts.ts'
import { databaseError, isConflict } from './database-error.ts'
import * as statements from './message-statements.ts'
import { poolOf, type PostgresStoreOptions } from './postgres-store.ts'

/** Of claims, removals and sends together; a statement carries many messages, so that few are enough. */
const connectionsMax = 6
const attemptsMax = 20
/**
 * Every statement here goes by an index, in its order. Left to its statistics, which are those of the queues of a minute ago, PostgreSQL would
 * now and then sort a whole backlog for ten messages; and it would plan each claim anew, which takes longer than the claim.
 */
const planning = ['plan_cache_mode=force_generic_plan', 'enable_bitmapscan=off', 'enable_sort=off']
/** From this many parts on, the sum of a queue's counts is folded into one row. */
const partsMax = 2_000
/** The relay's name for a change of what can be received. */
const relayedKind = 'queue/messages'

/** The message store on a database that `openPostgresStore` has migrated. */
export function openPostgresMessages(options: PostgresStoreOptions): MessageStore {
  return new PostgresMessages(options)
}

interface Row extends QueryResultRow {
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

type ClaimRow = Row & { readonly moved: number | null; readonly front: number | null }
type Claim = ClaimedMessages & { readonly front: number | undefined }

class PostgresMessages implements MessageStore {
  readonly #pool: Pool
  readonly #relay: ChangeRelay | undefined
  readonly #listeners = new Set<(queue: number) => void>()
  readonly #fronts = new ClaimFronts()

  constructor(options: PostgresStoreOptions) {
    this.#pool = poolOf(options, 'read committed', connectionsMax, planning)
    if (!options.isShared) return
    this.#relay = new ChangeRelay({
      ...options,
      pool: this.#pool,
      sender: randomUUID(),
      received: (changes) =>
        this.#call(changes.filter(({ kind }) => kind === relayedKind).map(({ id }) => Number(id))),
    })
  }

  async append(messages: readonly NewMessage[], now: number): Promise<readonly AppendedMessage[]> {
    const appended = messages.some(({ isFifo }) => isFifo)
      ? await this.#transact('append', (run) => appendFifo(run, messages, now))
      : await this.#appendStandard(messages)
    this.#tell(messages.map(({ queue }) => queue))
    return appended
  }

  async claim(order: ClaimOrder): Promise<ClaimedMessages> {
    const { queue, now, limit, visibleAt, keptAfter, attempt, redrive, isFifo } = order
    const values = [
      ...[queue, now, limit, visibleAt, keptAfter],
      ...[redrive?.deliveriesMax ?? null, redrive?.queue ?? null, redrive?.sourceArn ?? null],
      attempt ?? null,
    ]
    const claimed = isFifo
      ? await this.#transact('claim', async (run) => {
          await run('lock-queues', statements.lockQueues, [JSON.stringify([queue])])
          return claimedOf(await run<ClaimRow>('claim-fifo', statements.claimFifo, values))
        })
      : await this.#claimStandard(order, values)
    if (redrive && claimed.movedCount > 0) this.#tell([redrive.queue])
    return claimed
  }

  async replay(order: {
    queue: number
    attempt: string
    attemptedAfter: number
    now: number
    visibleAt: number
  }): Promise<readonly StoredMessage[]> {
    const { queue, attempt, attemptedAfter, now, visibleAt } = order
    const values = [queue, attempt, attemptedAfter, now, visibleAt]
    const rows = await this.#run<Row>('replay', statements.replay, values)
    return rows.map(messageOf).toSorted((a, b) => a.sequence - b.sequence)
  }

  async remove(orders: readonly RemovalOrder[], now: number): Promise<readonly RemovalOutcome[]> {
    const done = await this.#numbered('remove', statements.remove, orders, now)
    const missed = orders.filter((order, n) => order.mustBeInFlight && !done.has(n))
    const there = missed.length > 0 ? await this.#lookAt(orders, now) : undefined
    this.#tell(missed.length < orders.length ? fifoQueues(orders) : [])
    return orders.map((order, n) => {
      if (done.has(n)) return 'removed'
      return order.mustBeInFlight && there?.has(n) ? 'expired' : 'absent'
    })
  }

  async changeVisibility(
    orders: readonly VisibilityOrder[],
    now: number,
  ): Promise<readonly VisibilityOutcome[]> {
    const done = await this.#numbered('visibility', statements.changeVisibility, orders, now)
    const there = done.size < orders.length ? await this.#lookAt(orders, now) : undefined
    this.#tell(orders.map(({ queue }) => queue))
    return orders.map((_, n) => {
      if (done.has(n)) return 'changed'
      const inFlight = there?.get(n)
      if (inFlight === undefined) return 'absent'
      return inFlight ? 'too-long' : 'not-in-flight'
    })
  }

  async release(released: readonly Delivery[], now: number): Promise<void> {
    await this.#run('release', statements.release, [deliveriesText(released), now])
    this.#tell(released.map(({ queue }) => queue))
  }

  async count(queue: number, now: number): Promise<MessageCounts> {
    const rows = await this.#run<{
      total: number
      parts: number
      oldest_at: number | null
      hidden: number
      in_flight: number
    }>('count', statements.count, [queue, now])
    const { total = 0, parts = 0, hidden = 0, in_flight: inFlight = 0, oldest_at } = rows[0] ?? {}
    if (parts > partsMax) await this.#run('fold', statements.foldCounts, [queue])
    const oldestAt = oldest_at ?? undefined
    return { visible: total - hidden, inFlight, delayed: hidden - inFlight, oldestAt }
  }

  async nextVisibleAt(queue: number, now: number): Promise<number | undefined> {
    const rows = await this.#run<{ at: number }>('next', statements.nextVisibleAt, [queue, now])
    return rows[0]?.at
  }

  async move({ from, limit, now, to, isFifo }: MoveOrder): Promise<{
    moved: number
    unplaced: number
  }> {
    const targets = typeof to === 'number' ? [{ q: to }] : [...to].map(([a, q]) => ({ a, q }))
    const values = [from, now, limit, JSON.stringify(targets), isFifo]
    const rows = await this.#run<{ moved: number; unplaced: number }>(
      'move',
      statements.move,
      values,
    )
    this.#tell(targets.map(({ q }) => q))
    return rows[0] ?? { moved: 0, unplaced: 0 }
  }

  async lastSequence(): Promise<number> {
    const rows = await this.#run<{ sequence: number }>('take', statements.takeSequences, [1])
    return rows[0]?.sequence ?? 0
  }

  purge(queue: number, through: number, limit: number): Promise<number> {
    return this.#affected('purge', statements.purge, [queue, through, limit])
  }

  async expire(queue: number, keptBefore: number, now: number, limit: number): Promise<number> {
    await this.#affected('expire-marks', statements.expireMarks, [now])
    await this.#affected('fold', statements.foldCounts, [queue])
    return this.#affected('expire', statements.expire, [queue, keptBefore, limit])
  }

  async queues(): Promise<readonly number[]> {
    const rows = await this.#run<{ queue: number }>('queues', statements.queues, [])
    return rows.map(({ queue }) => queue)
  }

  async clear(): Promise<void> {
    await this.#affected('clear', statements.clear, [])
  }

  watch(listener: (queue: number) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#listeners.clear()
    await this.#relay?.close()
    await this.#pool.end()
  }

  async #appendStandard(messages: readonly NewMessage[]): Promise<readonly AppendedMessage[]> {
    await this.#run('append', statements.append, [messagesText(messages)])
    return messages.map(({ id }) => ({ id, sequence: 0, isDuplicate: false }))
  }

  /** From the queue's front as it is known; what a claim from there leaves open is looked for from the very beginning. */
  async #claimStandard(
    { queue, now, limit, visibleAt }: ClaimOrder,
    values: readonly unknown[],
  ): Promise<ClaimedMessages> {
    const claimFrom = async (from: number, most: number): Promise<Claim> => {
      const given = values.with(2, most).concat(from)
      return claimedOf(await this.#run<ClaimRow>('claim', statements.claimStandard, given))
    }
    // What is not hidden at all would be found a second time by the second look.
    const from = visibleAt > now ? this.#fronts.of(queue, now) : 0
    const claim = await claimFrom(from, limit)
    const open = limit - claim.messages.length - claim.movedCount
    this.#fronts.note(queue, { from, front: open > 0 ? undefined : claim.front, now })
    if (open <= 0 || from === 0) return claim
    const rest = await claimFrom(0, open)
    return {
      messages: [...claim.messages, ...rest.messages],
      movedCount: claim.movedCount + rest.movedCount,
    }
  }

  /** The places in the list of those that were done. */
  async #numbered(
    name: string,
    text: string,
    orders: readonly (RemovalOrder | VisibilityOrder)[],
    now: number,
  ): Promise<ReadonlySet<number>> {
    const rows = await this.#run<{ n: number }>(name, text, [deliveriesText(orders), now])
    return new Set(rows.map(({ n }) => n))
  }

  /** Those that are there still, by place: whether they are in flight with this delivery. */
  async #lookAt(
    orders: readonly (RemovalOrder | VisibilityOrder)[],
    now: number,
  ): Promise<ReadonlyMap<number, boolean>> {
    const rows = await this.#run<{ n: number; in_flight: boolean }>('look-at', statements.lookAt, [
      deliveriesText(orders),
      now,
    ])
    return new Map(rows.map((row) => [row.n, row.in_flight]))
  }

  async #run<R extends QueryResultRow>(
    name: string,
    text: string,
    values: unknown[],
  ): Promise<R[]> {
    const query = { name: `messages ${name}`, text, values }
    return (await again(name, () => this.#pool.query<R>(query))).rows
  }

  async #affected(name: string, text: string, values: unknown[]): Promise<number> {
    const query = { name: `messages ${name}`, text, values }
    return (await again(name, () => this.#pool.query(query))).rowCount ?? 0
  }

  #transact<R>(doing: string, work: (run: RunStatement) => Promise<R>): Promise<R> {
    return again(doing, async () => {
      const client = await this.#pool.connect()
      let failure: Error | undefined
      try {
        return await transactOn(client, work)
      } catch (thrown) {
        failure = thrown instanceof Error && !isConflict(thrown) ? thrown : undefined
        throw thrown
      } finally {
        client.release(failure)
      }
    })
  }

  #tell(queues: readonly number[]): void {
    if (queues.length === 0) return
    const distinct = [...new Set(queues)]
    this.#call(distinct)
    const scope = { account: '', region: '' }
    this.#relay?.send(
      distinct.map((queue) => ({ kind: relayedKind, scope, id: String(queue), owner: undefined })),
    )
  }

  #call(queues: readonly number[]): void {
    for (const queue of queues) for (const listener of this.#listeners) listener(queue)
  }
}

async function transactOn<R>(
  client: PoolClient,
  work: (run: RunStatement) => Promise<R>,
): Promise<R> {
  await client.query('begin')
  try {
    const result = await work(async (name, text, values) => {
      const { rows } = await client.query({ name: `messages ${name}`, text, values })
      return rows
    })
    await client.query('commit')
    return result
  } catch (thrown) {
    await client.query('rollback').catch(() => undefined)
    throw thrown
  }
}

/** Rows locked in another order than someone else's are a deadlock: one of the two runs again. */
async function again<R>(doing: string, work: () => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (thrown) {
      if (!isConflict(thrown) || attempt >= attemptsMax) {
        throw databaseError(`messages: ${doing}`, thrown)
      }
    }
  }
}

type AnyOrder = Delivery & Partial<RemovalOrder> & Partial<VisibilityOrder>

/** In the order of the rows, so that two statements seldom wait for each other. */
function deliveriesText(orders: readonly AnyOrder[]): string {
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

function fifoQueues(orders: readonly RemovalOrder[]): number[] {
  return orders.filter(({ mustBeInFlight }) => mustBeInFlight).map(({ queue }) => queue)
}

function claimedOf(rows: readonly ClaimRow[]): Claim {
  const last = rows.at(-1)
  return {
    messages: rows.filter(({ moved }) => moved === null).map(messageOf),
    movedCount: last?.moved ?? 0,
    front: last?.front ?? undefined,
  }
}

function messageOf(row: Row): StoredMessage {
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

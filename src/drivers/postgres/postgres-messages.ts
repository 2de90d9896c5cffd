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
import { appendFifo, appendStandard, type RunStatement } from './append-messages.ts'
import { ChangeRelay } from './change-relay.ts'
import { MessageClaims } from './claim-messages.ts'
import { databaseError, isConflict } from './database-error.ts'
import { deliveriesText, messageOf, type MessageRow } from './message-rows.ts'
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

class PostgresMessages implements MessageStore {
  readonly #pool: Pool
  readonly #relay: ChangeRelay | undefined
  readonly #listeners = new Set<(queue: number) => void>()
  readonly #claims = new MessageClaims(
    (name, text, values) => this.#run(name, text, values),
    (queues, work) => this.#transact(queues, work),
  )

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
    if (messages.length === 0) return []
    const appended = messages.some(({ isFifo }) => isFifo)
      ? await this.#transact(queuesOf(messages), (run) => appendFifo(run, messages, now))
      : await this.#with('append', (client) => appendStandard(client, messages))
    this.#tell(queuesOf(messages))
    return appended
  }

  async claim(order: ClaimOrder): Promise<ClaimedMessages> {
    const claimed = await this.#claims.claim(order)
    if (order.redrive && claimed.movedCount > 0) this.#tell([order.redrive.queue])
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
    const rows = await this.#run<MessageRow>('replay', statements.replay, values)
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
    return this.#counted('purge', statements.purge, [queue, through, limit])
  }

  async expire(queue: number, keptBefore: number, now: number, limit: number): Promise<number> {
    await this.#run('expire-marks', statements.expireMarks, [now])
    await this.#run('fold', statements.foldCounts, [queue])
    return this.#counted('expire', statements.expire, [queue, keptBefore, limit])
  }

  async queues(): Promise<readonly number[]> {
    const rows = await this.#run<{ queue: number }>('queues', statements.queues, [])
    return rows.map(({ queue }) => queue)
  }

  async clear(): Promise<void> {
    await this.#run('clear', statements.clear, [])
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

  async #counted(name: string, text: string, values: unknown[]): Promise<number> {
    const [row] = await this.#run<{ count: number }>(name, text, values)
    return row?.count ?? 0
  }

  /** In turns with all others that work on one of these queues: what was committed by the last of them is seen. */
  #transact<R>(queues: readonly number[], work: (run: RunStatement) => Promise<R>): Promise<R> {
    return this.#with('a turn', (client) => takeTurn(client, queues, work))
  }

  #with<R>(doing: string, work: (client: PoolClient) => Promise<R>): Promise<R> {
    return again(doing, async () => {
      const client = await this.#pool.connect()
      let failure: Error | undefined
      try {
        return await work(client)
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

async function takeTurn<R>(
  client: PoolClient,
  queues: readonly number[],
  work: (run: RunStatement) => Promise<R>,
): Promise<R> {
  await client.query(statements.begin(queues))
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

function queuesOf(messages: readonly { readonly queue: number }[]): readonly number[] {
  return [...new Set(messages.map(({ queue }) => queue))]
}

function fifoQueues(orders: readonly RemovalOrder[]): number[] {
  return orders.filter(({ mustBeInFlight }) => mustBeInFlight).map(({ queue }) => queue)
}

import type { Pool, QueryResultRow } from 'pg'
import {
  eventOverheadBytes,
  type ArrivedEvent,
  type EventBatch,
  type EventPage,
  type EventQuery,
  type EventStore,
  type StoredEvent,
} from '../../logs/event-store.ts'
import { databaseError, isConflict } from './database-error.ts'
import * as statements from './event-statements.ts'
import { poolOf, type PostgresStoreOptions } from './postgres-store.ts'

/** One writes, the others read; beside the other pools this stays under the embedded server's limit. */
const connectionsMax = 3
/** A statement that lost a deadlock this often in a row competes with one that never rests. */
const attemptsMax = 20
/** Each statement goes by an index, in its order. */
const planning = ['plan_cache_mode=force_generic_plan', 'enable_bitmapscan=off', 'enable_sort=off']

/** The event store on a database that `openPostgresStore` has migrated. */
export function openPostgresEvents(options: PostgresStoreOptions): EventStore {
  return new PostgresEvents(poolOf(options, 'read committed', connectionsMax, planning))
}

interface EventRow extends QueryResultRow {
  readonly log_group: string
  readonly log_stream: string
  readonly at: string
  readonly sequence: string
  readonly ingested_at: string
  readonly message: string
  readonly size: number
}

const beforeAll = [-1, -1] as const
const afterAll = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const

class PostgresEvents implements EventStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async append(batches: readonly EventBatch[]): Promise<void> {
    if (batches.length === 0) return
    const rows = batches.flatMap(({ events }, index) =>
      events.map(({ at, message }) => ({ b: index + 1, t: at, m: storable(message) })),
    )
    await this.#run('append-events', statements.append, [
      JSON.stringify(rows),
      batches.map(({ group }) => group),
      batches.map(({ stream }) => stream),
      batches.map(({ ingestedAt }) => ingestedAt),
      batches.map(bytesOf),
    ])
  }

  async read(query: EventQuery): Promise<EventPage> {
    const { group, streams, from, until, beyond, isBackward, eventsMax, bytesMax } = query
    const scope = streams === undefined ? 'group' : 'stream'
    const [at, sequence] = beyond ? [beyond.at, beyond.sequence] : isBackward ? afterAll : beforeAll
    const rows = await this.#run<EventRow>(
      `read-events-${scope}-${isBackward}`,
      statements.readOf(scope, isBackward),
      [streams ?? group, from, until, at, sequence, eventsMax, bytesMax],
    )
    return { events: rows.map(eventOf), isCut: isCut(rows, query) }
  }

  async summaries(streams: readonly string[]): ReturnType<EventStore['summaries']> {
    const rows = await this.#run<{
      id: string
      last_at: string
      ingested_at: string
      first_at: string | null
    }>('summaries', statements.summaries, [streams])
    return new Map(
      rows.map((row) => [
        row.id,
        {
          ...(row.first_at === null ? {} : { firstAt: Number(row.first_at) }),
          lastAt: Number(row.last_at),
          ingestedAt: Number(row.ingested_at),
        },
      ]),
    )
  }

  async newest(group: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#run<{ id: string; last_at: string }>('newest', statements.newest, [
      group,
    ])
    return new Map(rows.map((row) => [row.id, Number(row.last_at)]))
  }

  async bytes(groups: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#run<{ id: string; bytes: string }>('bytes', statements.bytes, [groups])
    return new Map(rows.map((row) => [row.id, Number(row.bytes)]))
  }

  async arrived(query: Parameters<EventStore['arrived']>[0]): Promise<EventPage<ArrivedEvent>> {
    const values = [query.groups, query.after, query.eventsMax, query.bytesMax]
    const rows = await this.#run<EventRow>('arrived', statements.arrived, values)
    const events = rows.map((row) => ({ ...eventOf(row), group: row.log_group }))
    return { events, isCut: isCut(rows, query) }
  }

  async lastSequence(): Promise<number> {
    const rows = await this.#run<{ sequence: string }>('last-sequence', statements.lastSequence, [])
    return Number(rows[0]?.sequence ?? 0)
  }

  async expire({ group, before, eventsMax }: Parameters<EventStore['expire']>[0]): Promise<number> {
    const values = [group, before, eventsMax, eventOverheadBytes]
    const rows = await this.#run<{ count: number }>('expire-events', statements.expire, values)
    return rows[0]?.count ?? 0
  }

  async purge(of: { group: string } | { stream: string }, eventsMax: number): Promise<number> {
    const [column, id] =
      'group' in of ? (['log_group', of.group] as const) : (['log_stream', of.stream] as const)
    const rows = await this.#run<{ count: number }>(
      `purge-events-${column}`,
      statements.purgeOf(column),
      [id, eventsMax],
    )
    const count = rows[0]?.count ?? 0
    if (count === 0) {
      const forget = 'group' in of ? statements.forgetGroup : statements.forgetStream
      await this.#run(`forget-${column}`, forget, [id])
    }
    return count
  }

  async clear(): Promise<void> {
    await this.#run('clear-events', statements.clear, [])
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #run<Row extends QueryResultRow>(
    name: string,
    text: string,
    values: unknown[],
  ): Promise<readonly Row[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#pool.query<Row>({ name, text, values })).rows
      } catch (thrown) {
        if (!isConflict(thrown) || attempt >= attemptsMax) {
          throw databaseError(`log events: ${name}`, thrown)
        }
      }
    }
  }
}

function bytesOf({ events }: EventBatch): number {
  return events.reduce(
    (sum, { message }) => sum + Buffer.byteLength(message) + eventOverheadBytes,
    0,
  )
}

function isCut(
  rows: readonly EventRow[],
  { eventsMax, bytesMax }: { readonly eventsMax: number; readonly bytesMax: number },
): boolean {
  return rows.length >= eventsMax || rows.reduce((sum, { size }) => sum + size, 0) >= bytesMax
}

function eventOf(row: EventRow): StoredEvent {
  return {
    stream: row.log_stream,
    at: Number(row.at),
    sequence: Number(row.sequence),
    ingestedAt: Number(row.ingested_at),
    message: restored(row.message),
  }
}

/** PostgreSQL's text has no NUL; it stands as a sign of the private use area, which then stands as two of them. */
function storable(message: string): string {
  if (!/[\0\uf8ff]/.test(message)) return message.toWellFormed()
  return message.toWellFormed().replaceAll('\uf8ff', '\uf8ff\uf8ff').replaceAll('\0', '\uf8ff0')
}

function restored(text: string): string {
  if (!text.includes('\uf8ff')) return text
  return text.replace(/\uf8ff([\uf8ff0])/g, (_, sign: string) => (sign === '0' ? '\0' : '\uf8ff'))
}

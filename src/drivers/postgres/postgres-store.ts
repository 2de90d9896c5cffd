import { randomUUID } from 'node:crypto'
import { Client, Pool, type ClientConfig, type PoolClient } from 'pg'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/ports.ts'
import type { Change, Kind, Records, Store } from '../../store/records.ts'
import { ChangeRelay } from './change-relay.ts'
import { databaseError, isConflict } from './database-error.ts'
import { migrate } from './migrate.ts'
import { PostgresRecords, type RunQuery, type Travel } from './postgres-records.ts'

export interface PostgresStoreOptions {
  /** `pg`'s own form: `{ connectionString }`, or `{ host: <socket folder>, user, database }`. */
  readonly connection: ClientConfig
  readonly clock: Clock
  readonly log: Log
  /** Other servers work on this database too, so changes are told between them. */
  readonly isShared?: boolean
}

/** Each pool's connections. Two pools and a listener stay well under the embedded server's limit of 40. */
const connectionsMax = 10
const connectTimeoutMilliseconds = 10_000
/** A transaction that lost this often in a row competes with one that never rests. */
const attemptsMax = 100
/** Losers wait up to this long, a little more each time, so that the winner gets through. */
const conflictPauseMilliseconds = 2

/** Several statements of a kind at a time only clash with each other; what waits meanwhile goes as one. */
const together: Travel = { underWayMax: 1, triesEach: true }
/** A transaction has one connection, and is over at the first failure. */
const inTurn: Travel = { underWayMax: Number.POSITIVE_INFINITY, triesEach: false }

/** Migrates the database and gives the store on it. Throws `DriverError` when the database does not answer. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const client = new Client({
    ...options.connection,
    connectionTimeoutMillis: connectTimeoutMilliseconds,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await migrate(client)
  } catch (thrown) {
    throw databaseError('opening the store', thrown)
  } finally {
    await client.end().catch(() => undefined)
  }
  return new PostgresStore(options)
}

class PostgresStore extends PostgresRecords implements Store {
  readonly #clock: Clock
  readonly #reads: Pool
  readonly #writes: Pool
  readonly #relay: ChangeRelay | undefined
  readonly #listeners = new Map<string, Set<(changes: readonly Change[]) => void>>()

  constructor(options: PostgresStoreOptions) {
    const reads = poolOf(options, 'read committed')
    const writes = poolOf(options, 'serializable')
    const read: RunQuery = (name, text, values) =>
      guarded(name, () => reads.query({ name, text, values }))
    const write: RunQuery = (name, text, values) =>
      this.#again(name, () => writes.query({ name, text, values }))
    super({ read, write }, together, (changes) => this.#tell(changes))
    this.#clock = options.clock
    this.#reads = reads
    this.#writes = writes
    if (!options.isShared) return
    this.#relay = new ChangeRelay({
      ...options,
      pool: reads,
      sender: randomUUID(),
      received: (changes) => this.#call(changes),
    })
  }

  transaction<R>(work: (records: Records) => Promise<R>): Promise<R> {
    return this.#again('a transaction', async () => {
      const client = await this.#writes.connect()
      const changes: Change[] = []
      try {
        const result = await transactOn(client, work, changes)
        this.#tell(changes)
        return result
      } finally {
        client.release()
      }
    })
  }

  watch(kind: Kind<unknown>, listener: (changes: readonly Change[]) => void): () => void {
    const listeners = this.#listeners.get(kind.name) ?? new Set()
    this.#listeners.set(kind.name, listeners)
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  /** Goes by the database's clock, which is one for all servers. */
  async lease(
    name: string,
    holder: string,
    milliseconds: number,
  ): Promise<{ epoch: number } | undefined> {
    const text = `
      insert into leases as held (name, holder, epoch, held_until)
      values ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
      on conflict (name) do update set
        holder = excluded.holder,
        epoch = held.epoch + case when held.holder = excluded.holder then 0 else 1 end,
        held_until = excluded.held_until
      where held.holder = excluded.holder or held.held_until <= clock_timestamp()
      returning epoch`
    const values = [name, holder, milliseconds]
    const { rows } = await guarded('a lease', () =>
      this.#reads.query<{ epoch: string }>({ name: 'lease', text, values }),
    )
    return rows[0] && { epoch: Number(rows[0].epoch) }
  }

  async clear(): Promise<void> {
    const { rows } = await this.#again('clear', () =>
      this.#writes.query<{
        kind: string
        account: string
        region: string
        id: string
        owner: string
      }>('delete from records returning kind, account, region, id, owner'),
    )
    this.#tell(
      rows.map(({ kind, account, region, id, owner }) => ({
        kind,
        scope: { account, region },
        id,
        owner: owner ?? undefined,
      })),
    )
  }

  async close(): Promise<void> {
    this.#listeners.clear()
    await this.#relay?.close()
    await Promise.all([this.#reads.end(), this.#writes.end()])
  }

  async #again<R>(doing: string, work: () => Promise<R>): Promise<R> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (thrown) {
        if (!isConflict(thrown) || attempt >= attemptsMax) throw databaseError(doing, thrown)
      }
      await this.#clock.sleep(attempt * conflictPauseMilliseconds)
    }
  }

  #tell(changes: readonly Change[]): void {
    if (changes.length === 0) return
    this.#call(changes)
    this.#relay?.send(changes)
  }

  #call(changes: readonly Change[]): void {
    for (const [kind, ofKind] of Map.groupBy(changes, (change) => change.kind)) {
      for (const listener of this.#listeners.get(kind) ?? []) listener(ofKind)
    }
  }
}

async function transactOn<R>(
  client: PoolClient,
  work: (records: Records) => Promise<R>,
  changes: Change[],
): Promise<R> {
  const run: RunQuery = (name, text, values) => client.query({ name, text, values })
  await client.query('begin')
  try {
    const records = new PostgresRecords({ read: run, write: run }, inTurn, (made) => {
      changes.push(...made)
    })
    const result = await work(records)
    await client.query('commit')
    return result
  } catch (thrown) {
    await client.query('rollback').catch(() => undefined)
    throw thrown
  }
}

async function guarded<R>(doing: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (thrown) {
    throw databaseError(doing, thrown)
  }
}

/** Another store on the same database has a pool of its own, with the same settings. */
export function poolOf(
  options: PostgresStoreOptions,
  isolation: string,
  most = connectionsMax,
  settings: readonly string[] = [],
): Pool {
  const pool = new Pool({
    ...options.connection,
    max: most,
    connectionTimeoutMillis: connectTimeoutMilliseconds,
    // Read through indexes, a transaction's reads are locked by row and page; a scan of the whole table would clash with every write.
    options: [
      'enable_seqscan=off',
      `default_transaction_isolation=${isolation.replace(' ', '\\ ')}`,
      ...settings,
    ]
      .map((setting) => `-c ${setting}`)
      .join(' '),
  })
  // An idle connection that broke is replaced at the next query; without a listener the process would end.
  pool.on('error', (thrown) =>
    options.log.write('warn', 'lost an idle database connection', { reason: thrown.message }),
  )
  return pool
}

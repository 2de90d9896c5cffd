import { Client, type ClientConfig, type Pool } from 'pg'
import { reasonOf } from '../../kernel/errors.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/ports.ts'
import type { Change } from '../../store/records.ts'

const channel = 'evenkeel_changes'
/** NOTIFY in every transaction would put commits in a row; one for all changes of this time does not. */
const coalesceMilliseconds = 10
/** PostgreSQL's limit of a payload is 8000 bytes. */
const payloadBytesMax = 7_900
const reconnectMilliseconds = 1_000

type WireChange = [kind: string, account: string, region: string, id: string, owner: string | null]

/** Carries changes between the servers on one database. What gets lost while a connection is down is not sent again. */
export class ChangeRelay {
  readonly #options: RelayOptions
  readonly #closing = new AbortController()
  #pending: WireChange[] = []
  #sending: Promise<void> | undefined
  #listener: Promise<void>

  constructor(options: RelayOptions) {
    this.#options = options
    this.#listener = this.#listen()
  }

  send(changes: readonly Change[]): void {
    for (const { kind, scope, id, owner } of changes) {
      this.#pending.push([kind, scope.account, scope.region, id, owner ?? null])
    }
    this.#sending ??= this.#sendSoon()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.#sending, this.#listener])
  }

  async #sendSoon(): Promise<void> {
    const { clock, pool, sender, log } = this.#options
    await clock.sleep(coalesceMilliseconds, this.#closing.signal)
    const changes = this.#pending
    this.#pending = []
    this.#sending = undefined
    try {
      for (const payload of payloadsOf(sender, changes)) {
        await pool.query('select pg_notify($1, $2)', [channel, payload])
      }
    } catch (thrown) {
      log.write('warn', 'could not tell the other servers of changes', { reason: reasonOf(thrown) })
    }
  }

  async #listen(): Promise<void> {
    const { clock, connection, log } = this.#options
    const { signal } = this.#closing
    while (!signal.aborted) {
      const client = new Client(connection)
      try {
        await this.#listenOn(client)
      } catch (thrown) {
        log.write('warn', 'no longer hear the other servers', { reason: reasonOf(thrown) })
      }
      await client.end().catch(() => undefined)
      await clock.sleep(reconnectMilliseconds, signal)
    }
  }

  /** Resolves when we close, rejects when the connection breaks. */
  async #listenOn(client: Client): Promise<void> {
    const broken = Promise.withResolvers<void>()
    client.on('error', broken.reject)
    client.on('end', () => broken.reject(new Error('the connection ended')))
    client.on('notification', ({ payload }) => this.#receive(payload ?? ''))
    this.#closing.signal.addEventListener('abort', () => broken.resolve(), { once: true })
    await client.connect()
    await client.query(`listen ${channel}`)
    if (!this.#closing.signal.aborted) await broken.promise
  }

  #receive(payload: string): void {
    const [sender, changes] = JSON.parse(payload) as [string, WireChange[]]
    if (sender === this.#options.sender) return
    this.#options.received(
      changes.map(([kind, account, region, id, owner]) => ({
        kind,
        scope: { account, region },
        id,
        owner: owner ?? undefined,
      })),
    )
  }
}

interface RelayOptions {
  readonly connection: ClientConfig
  readonly pool: Pool
  readonly clock: Clock
  readonly log: Log
  /** Tells our own notifications from others'. */
  readonly sender: string
  received(changes: readonly Change[]): void
}

function* payloadsOf(sender: string, changes: readonly WireChange[]): Generator<string> {
  let batch: WireChange[] = []
  let bytes = 0
  for (const change of changes) {
    const size = Buffer.byteLength(JSON.stringify(change)) + 1
    if (batch.length > 0 && bytes + size > payloadBytesMax - sender.length - 10) {
      yield JSON.stringify([sender, batch])
      batch = []
      bytes = 0
    }
    batch.push(change)
    bytes += size
  }
  if (batch.length > 0) yield JSON.stringify([sender, batch])
}

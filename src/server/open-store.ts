import { join } from 'node:path'
import {
  openPostgresEvents,
  openPostgresMessages,
  openPostgresPoints,
  openPostgresStore,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../drivers/postgres/index.ts'
import type { Log } from '../kernel/ports.ts'
import { systemClock } from '../kernel/system/clock.ts'
import type { EventStore } from '../logs/event-store.ts'
import type { PointStore } from '../metrics/point-store.ts'
import type { MessageStore } from '../queue/message-store.ts'
import { kindOf, RecordExists, StaleRevision, type Store } from '../store/records.ts'
import { keepRunning, type Kept } from './keep-running.ts'
import type { Prepared } from './prepare-installation.ts'

/** Everything that is kept in the database. */
export interface Stores {
  readonly store: Store
  readonly messages: MessageStore
  readonly points: PointStore
  readonly events: EventStore
  close(): Promise<void>
}

/** On the embedded PostgreSQL of this installation, which is kept running, or on the one that `DATABASE_URL` names. */
export async function openStore(prepared: Prepared, log: Log): Promise<Stores> {
  const url = process.env['DATABASE_URL']
  const postgres = url ? undefined : await keepPostgres(prepared, log)
  const connection = postgres?.first.connection ?? { connectionString: url ?? '' }
  const options = { connection, clock: systemClock, log, isShared: Boolean(url) }
  const store = await openPostgresStore(options)
  const messages = openPostgresMessages(options)
  const points = openPostgresPoints({ connection, log, now: () => systemClock.now() })
  const events = openPostgresEvents(options)
  return {
    store,
    messages,
    points,
    events,
    close: async () => {
      await postgres?.release()
      await Promise.all([messages.close(), points.close(), events.close()])
      await store.close()
    },
  }
}

function keepPostgres(
  { dataDirectory, runDirectory }: Prepared,
  log: Log,
): Promise<Kept<EmbeddedPostgres>> {
  const options = { dataDirectory: postgresDirectory(dataDirectory), runDirectory, log }
  return keepRunning('PostgreSQL', () => startEmbeddedPostgres(options), log)
}

export function postgresDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'postgres')
}

const starts = kindOf<{ readonly epoch: number }>('server/start')
const everywhere = { account: 'installation', region: 'installation' }

/**
 * Grows with every start of a server on this store; the host refuses commands of an older one. At least the time in seconds, so that it
 * grows past what the host has seen even when the store was emptied.
 */
export async function takeEpoch(store: Store, now: number): Promise<number> {
  for (;;) {
    const last = await store.find(starts, everywhere, 'server')
    const epoch = Math.max((last?.value.epoch ?? 0) + 1, Math.floor(now / 1000))
    try {
      if (last) await store.update(last, { epoch })
      else await store.insert(starts, { scope: everywhere, id: 'server' }, { epoch })
      return epoch
    } catch (thrown) {
      if (!(thrown instanceof RecordExists) && !(thrown instanceof StaleRevision)) throw thrown
    }
  }
}

import { join } from 'node:path'
import {
  openPostgresMessages,
  openPostgresStore,
  startEmbeddedPostgres,
  type PostgresStoreOptions,
} from '../drivers/postgres/index.ts'
import type { Log } from '../kernel/ports.ts'
import { systemClock } from '../kernel/system/clock.ts'
import type { MessageStore } from '../queue/message-store.ts'
import { kindOf, RecordExists, StaleRevision, type Store } from '../store/records.ts'
import type { Prepared } from './prepare-installation.ts'

/** Everything that is kept in the database. */
export interface Stores {
  readonly store: Store
  readonly messages: MessageStore
  close(): Promise<void>
}

/** The embedded PostgreSQL of this installation, or the one that `DATABASE_URL` names. */
export async function openStore(prepared: Prepared, log: Log): Promise<Stores> {
  const url = process.env['DATABASE_URL']
  if (url) {
    return openStores({
      connection: { connectionString: url },
      clock: systemClock,
      log,
      isShared: true,
    })
  }
  const postgres = await startEmbeddedPostgres({
    dataDirectory: postgresDirectory(prepared.dataDirectory),
    runDirectory: prepared.runDirectory,
    log,
  })
  return openStores({ connection: postgres.connection, clock: systemClock, log })
}

async function openStores(options: PostgresStoreOptions): Promise<Stores> {
  const store = await openPostgresStore(options)
  const messages = openPostgresMessages(options)
  return {
    store,
    messages,
    async close() {
      await messages.close()
      await store.close()
    },
  }
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

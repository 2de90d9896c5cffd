import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../drivers/postgres/index.ts'
import { reasonOf } from '../kernel/errors.ts'
import { silentLog } from '../kernel/ports.ts'

export interface TemporaryPostgres {
  readonly postgres: EmbeddedPostgres
  readonly folder: string
  /** Adopts it, or starts it again after it was killed. */
  start(): Promise<EmbeddedPostgres>
  remove(): Promise<void>
}

/** PostgreSQL in a folder of its own, or the reason why it cannot run on this machine. */
export async function temporaryPostgres(): Promise<TemporaryPostgres | { skip: string }> {
  const folder = await mkdtemp('/tmp/evenkeel-postgres-')
  const start = (): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({
      dataDirectory: join(folder, 'data folder'),
      runDirectory: join(folder, 'run'),
      log: silentLog,
    })
  try {
    const postgres = await start()
    return {
      postgres,
      folder,
      start,
      async remove() {
        const last = await start()
        await last.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true })
    return { skip: reasonOf(thrown) }
  }
}

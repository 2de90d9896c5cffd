import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { reasonOf } from '../kernel/errors.ts'
import type { Log } from '../kernel/ports.ts'
import {
  ensureProcess,
  readProcess,
  stopProcess,
  watchProcess,
} from '../drivers/processes/index.ts'

/** A process that dies at once is started again after this long, so that it cannot use up the machine. */
const restartMilliseconds = 500

export interface Supervised {
  /** Ends the process and stops restarting it. */
  end(graceMilliseconds: number): Promise<void>
}

/** Keeps `src/<name>/main.ts DATA_DIR` running: adopts it, starts it, starts it again. Nothing when there is no such entry. */
export function supervise(name: string, dataDirectory: string, log: Log): Supervised {
  const entry = fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url))
  let isEnding = false
  let stopWatching = (): void => undefined
  const keep = async (): Promise<void> => {
    if (isEnding) return
    const startedAt = Date.now()
    const running = await ensureProcess({
      name,
      dataDirectory,
      command: [process.execPath, entry, dataDirectory],
      // Without the compiler of types in memory from the second start on: see drivers/warm-start.
      environment: { NODE_COMPILE_CACHE: join(dataDirectory, 'compile-cache') },
    })
    log.write('info', `${name} ${running.wasAdopted ? 'adopted' : 'started'}`, { pid: running.pid })
    stopWatching = watchProcess(running, () => (starting = again(startedAt)))
  }
  const again = async (startedAt: number): Promise<void> => {
    const soon = Date.now() - startedAt < restartMilliseconds
    if (soon) await delay(restartMilliseconds)
    await keep().catch(async (thrown: unknown) => {
      log.write('error', `cannot start ${name}`, { reason: reasonOf(thrown) })
      await delay(restartMilliseconds)
      await again(0)
    })
  }
  let starting = existsSync(entry) ? again(0) : Promise.resolve()
  return {
    async end(graceMilliseconds) {
      isEnding = true
      // One that is being started now would outlive us: its pid is not written yet.
      await starting
      stopWatching()
      const running = readProcess(dataDirectory, name)
      if (running) await stopProcess(running, graceMilliseconds)
    },
  }
}

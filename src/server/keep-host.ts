import { watchProcess } from '../drivers/processes/index.ts'
import { reasonOf } from '../kernel/errors.ts'
import { startHost } from '../host/start-host.ts'
import type { Log } from '../kernel/ports.ts'
import type { Prepared } from './prepare-installation.ts'

/** A start that fails is tried again after this long; the machines go on meanwhile. */
const againMilliseconds = 1000

/** Keeps the host process running for as long as this server does. Resolves when it answers. */
export async function keepHost(
  prepared: Prepared,
  log: Log,
): Promise<{ release(): Promise<void> }> {
  let isReleased = false
  let unwatch = (): void => {}
  let starting: Promise<void> = Promise.resolve()

  const keep = async (): Promise<void> => {
    const running = await startHost(prepared.dataDirectory)
    unwatch = watchProcess(running, () => {
      if (isReleased) return
      log.write('warn', 'the host process ended; starting it again', { pid: running.pid })
      starting = again()
    })
  }
  const again = async (): Promise<void> => {
    try {
      await keep()
    } catch (thrown) {
      log.write('error', 'the host process could not be started', { reason: reasonOf(thrown) })
      setTimeout(() => {
        if (!isReleased) void again()
      }, againMilliseconds)
    }
  }

  await keep()
  return {
    async release() {
      isReleased = true
      // A host that is being started now would outlive us: its pid is not written yet.
      await starting
      unwatch()
    },
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { identityOf, watchProcess } from '../drivers/processes/index.ts'
import { reasonOf } from '../kernel/errors.ts'
import type { Log } from '../kernel/ports.ts'

/** A start that fails is tried again after this long; what does not need the process goes on meanwhile. */
const againMilliseconds = 500

export interface Kept<T> {
  /** What the first start gave. */
  readonly first: T
  /** From now on the process may end. Resolves when none is being started any more. */
  release(): Promise<void>
}

/** Keeps a process running for as long as this server does: `start` adopts or starts it, and is called again when it has ended. */
export async function keepRunning<T extends { readonly pid: number }>(
  name: string,
  start: () => Promise<T>,
  log: Log,
): Promise<Kept<T>> {
  let isReleased = false
  let unwatch = (): void => {}
  let starting: Promise<void> = Promise.resolve()

  const watch = ({ pid }: T): void => {
    const onEnd = (): void => {
      if (isReleased) return
      log.write('warn', `${name} ended; starting it again`, { pid })
      starting = again()
    }
    const identity = identityOf(pid)
    if (identity) unwatch = watchProcess(identity, onEnd)
    else onEnd()
  }
  const again = async (): Promise<void> => {
    while (!isReleased) {
      try {
        return watch(await start())
      } catch (thrown) {
        log.write('error', `${name} could not be started`, { reason: reasonOf(thrown) })
        await delay(againMilliseconds)
      }
    }
  }

  const first = await start()
  watch(first)
  return {
    first,
    async release() {
      isReleased = true
      // One that is being started now would outlive us: its pid is not written yet.
      await starting
      unwatch()
    },
  }
}

import type { Clock } from '../kernel/clock.ts'

export interface ManualClock extends Clock {
  /** Moves time on. Sleepers wake in the order of their time, and what they start settles before the next one wakes. */
  advance(milliseconds: number): Promise<void>
  /** Lets everything that is ready run, without moving time. */
  settle(): Promise<void>
  /** How many are asleep now. */
  sleepers(): number
}

/** A clock that a test turns by hand. It starts at 2026-11-22T10:00:00Z unless told otherwise. */
export function manualClock(startMilliseconds = Date.UTC(2026, 10, 22, 10)): ManualClock {
  let now = startMilliseconds
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()

  async function advance(milliseconds: number): Promise<void> {
    const until = now + milliseconds
    await settle()
    for (;;) {
      const next = [...sleepers].sort((a, b) => a.at - b.at)[0]
      if (!next || next.at > until) break
      now = Math.max(now, next.at)
      next.wake()
      await settle()
    }
    now = until
  }

  return {
    now: () => now,
    advance,
    settle,
    sleepers: () => sleepers.size,
    sleep(milliseconds, signal) {
      if (signal?.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const sleeper = {
          at: now + Math.max(0, milliseconds),
          wake: (): void => {
            sleepers.delete(sleeper)
            signal?.removeEventListener('abort', sleeper.wake)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake, { once: true })
      })
    },
  }
}

/** Rounds of the event loop that work without input or output needs at most to come to rest between two sleepers. */
const settleRounds = 5

async function settle(): Promise<void> {
  for (let round = 0; round < settleRounds; round++) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

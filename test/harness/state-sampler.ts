import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

/** How often a state is asked for while something waits for it, in milliseconds. */
const everyMilliseconds = 15

/** Records the states that something passes through while others wait for it. */
export interface StateSampler {
  /** What was seen, each state once for as long as it lasted. */
  readonly seen: readonly string[]
  /** Ends the sampling, after a last look. */
  stop(): Promise<readonly string[]>
}

/** Asks `read` again and again; what it throws counts as the state `absent`. */
export function sampleStates(read: () => Promise<string | undefined>): StateSampler {
  const seen: string[] = []
  const look = async (): Promise<void> => {
    const state = await read().catch(() => undefined)
    if (seen.at(-1) !== (state ?? 'absent')) seen.push(state ?? 'absent')
  }
  let isStopped = false
  const work = (async () => {
    while (!isStopped) {
      await look()
      // Not held on to: a test that fails before it stops its sampler ends all the same.
      await sleep(everyMilliseconds, undefined, { ref: false })
    }
  })()
  return {
    seen,
    async stop() {
      isStopped = true
      await work
      await look()
      return seen
    },
  }
}

/**
 * Asserts that what was seen goes forward along a documented sequence: states may be missed between two looks, none may come
 * that is not in it, none may come back, and the last one is the sequence's.
 */
export function assertPasses(seen: readonly string[], documented: readonly string[]): void {
  let at = -1
  for (const state of seen) {
    const next = documented.indexOf(state, at + 1)
    assert.ok(next > at, `${seen.join(' → ')} does not go along ${documented.join(' → ')}`)
    at = next
  }
  assert.equal(seen.at(-1), documented.at(-1), seen.join(' → '))
}

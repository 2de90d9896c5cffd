import type { Clock } from '../kernel/clock.ts'
import type { MessageStore } from './message-store.ts'
import type { Queue } from './queue.ts'

/** AWS's quota of messages in flight, of standard queues and, since 2024, of FIFO queues too. */
const inFlightMax = 120_000
/** At the limit, the true number is asked for no more often than this. */
const recountMilliseconds = 100
/** Queues that this process remembers a bound of. */
const boundsMax = 10_000

/**
 * How many more messages of a queue may be in flight. It keeps a bound from above: what was counted once and every claim since. Only
 * when the bound reaches the limit is it counted again.
 */
export class FlightRoom {
  readonly #store: MessageStore
  readonly #clock: Clock
  readonly #bounds = new Map<number, { atMost: number; countedAt: number }>()

  constructor(store: MessageStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  async of({ key }: Queue): Promise<number> {
    const now = this.#clock.now()
    const bound = this.#bounds.get(key)
    const isFresh =
      bound && (bound.atMost < inFlightMax || now - bound.countedAt < recountMilliseconds)
    if (isFresh) return Math.max(0, inFlightMax - bound.atMost)
    if (this.#bounds.size >= boundsMax) this.#bounds.clear()
    const { inFlight } = await this.#store.count(key, now)
    this.#bounds.set(key, { atMost: inFlight, countedAt: now })
    return Math.max(0, inFlightMax - inFlight)
  }

  taken({ key }: Queue, count: number): void {
    const bound = this.#bounds.get(key)
    if (bound) bound.atMost += count
  }
}

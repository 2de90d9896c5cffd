import type { Clock } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import type { MessageStore } from './message-store.ts'
import type { Queue } from './queue.ts'

/** One queue's numbers, as CloudWatch's AWS/SQS metrics have them. */
export interface QueueMeasurement {
  readonly scope: Scope
  readonly queueName: string
  readonly visible: number
  readonly notVisible: number
  readonly delayed: number
  /** Seconds; 0 of an empty queue. */
  readonly ageOfOldestSeconds: number
  readonly sent: number
  readonly sentBytes: number
  readonly received: number
  readonly emptyReceives: number
  readonly deleted: number
}

interface Tally {
  sent: number
  sentBytes: number
  received: number
  emptyReceives: number
  deleted: number
}

/** What this process did with each queue since it was last asked. */
export class QueueActivity {
  #tallies = new Map<number, Tally>()

  sent(key: number, bytes: number): void {
    const tally = this.#tallyOf(key)
    tally.sent++
    tally.sentBytes += bytes
  }

  received(key: number, count: number): void {
    const tally = this.#tallyOf(key)
    tally.received += count
    if (count === 0) tally.emptyReceives++
  }

  deleted(key: number): void {
    this.#tallyOf(key).deleted++
  }

  /** Gives the tallies of the queues with their depths, and begins new ones. */
  async measure(
    queues: readonly Queue[],
    store: MessageStore,
    clock: Clock,
  ): Promise<readonly QueueMeasurement[]> {
    const tallies = this.#tallies
    this.#tallies = new Map()
    const measurements: QueueMeasurement[] = []
    for (const { scope, name, key } of queues) {
      const now = clock.now()
      const { visible, inFlight, delayed, oldestAt } = await store.count(key, now)
      measurements.push({
        scope,
        queueName: name,
        visible,
        notVisible: inFlight,
        delayed,
        ageOfOldestSeconds: oldestAt === undefined ? 0 : Math.max(0, now - oldestAt) / 1000,
        ...(tallies.get(key) ?? emptyTally()),
      })
    }
    return measurements
  }

  #tallyOf(key: number): Tally {
    const known = this.#tallies.get(key)
    if (known) return known
    const tally = emptyTally()
    this.#tallies.set(key, tally)
    return tally
  }
}

function emptyTally(): Tally {
  return { sent: 0, sentBytes: 0, received: 0, emptyReceives: 0, deleted: 0 }
}

import { utf8Length } from './domain/utf8-length.ts'
import type { EventBatch, EventStore } from './event-store.ts'

/** Bounds one statement; a single batch of AWS's largest size is below both. */
const eventsMax = 10_000
const bytesMax = 4 * 1024 * 1024

interface Group {
  readonly batches: EventBatch[]
  events: number
  bytes: number
  readonly done: PromiseWithResolvers<void>
}

export interface EventWriter {
  /** Resolves when the events are on disk. */
  write(batch: EventBatch): Promise<void>
}

/** Writes what came while the last statement ran with the next one: one commit for many callers, in the order of their coming. */
export function createEventWriter(store: EventStore): EventWriter {
  const waiting: Group[] = []
  let isWriting = false

  async function writeAll(): Promise<void> {
    isWriting = true
    // What callers of this same moment bring goes along.
    await Promise.resolve()
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      try {
        await store.append(group.batches)
        group.done.resolve()
      } catch (thrown) {
        group.done.reject(thrown)
      }
    }
    isWriting = false
  }

  return {
    async write(batch) {
      if (batch.events.length === 0) return
      const events = batch.events.length
      const bytes = batch.events.reduce((sum, { message }) => sum + utf8Length(message), 0)
      let group = waiting.at(-1)
      const fits = group && group.events + events <= eventsMax && group.bytes + bytes <= bytesMax
      if (!group || !fits) {
        group = { batches: [], events: 0, bytes: 0, done: Promise.withResolvers<void>() }
        waiting.push(group)
      }
      group.batches.push(batch)
      group.events += events
      group.bytes += bytes
      const { promise } = group.done
      if (!isWriting) void writeAll()
      return promise
    },
  }
}

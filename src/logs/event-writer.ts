import { groupCommit } from '../store/group-commit.ts'
import { utf8Length } from './domain/utf8-length.ts'
import type { EventBatch, EventStore } from './event-store.ts'

/** Bounds one statement; a single batch of AWS's largest size is below both. */
const eventsMax = 10_000
const bytesMax = 4 * 1024 * 1024

export interface EventWriter {
  /** Resolves when the events are on disk. */
  write(batch: EventBatch): Promise<void>
}

/** One commit for the events of many callers. */
export function createEventWriter(store: EventStore): EventWriter {
  const write = groupCommit<EventBatch>({
    sizesOf: ({ events }) => [
      events.length,
      events.reduce((sum, { message }) => sum + utf8Length(message), 0),
    ],
    sizesMax: [eventsMax, bytesMax],
    write: (batches) => store.append(batches),
  })
  return {
    async write(batch) {
      if (batch.events.length > 0) await write(batch)
    },
  }
}

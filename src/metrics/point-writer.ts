import { rollUp } from './domain/retention.ts'
import type { PointStore, SeriesPoint } from './point-store.ts'

/** More than this in one statement only makes the others wait longer. */
const pointsMax = 5000

export interface PointWriter {
  /** Resolves when the points are on disk. */
  write(points: readonly SeriesPoint[]): Promise<void>
}

interface Batch {
  readonly points: SeriesPoint[]
  readonly done: PromiseWithResolvers<void>
}

/** Writes what came while the last statement ran with the next one: one statement for many callers, and points of one period as one. */
export function createPointWriter(store: PointStore): PointWriter {
  const waiting: Batch[] = []
  let isWriting = false

  async function writeAll(): Promise<void> {
    isWriting = true
    // What callers of this same moment bring goes along.
    await Promise.resolve()
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      try {
        await store.append(rollUp(batch.points))
        batch.done.resolve()
      } catch (thrown) {
        batch.done.reject(thrown)
      }
    }
    isWriting = false
  }

  return {
    async write(points) {
      if (points.length === 0) return
      let batch = waiting.at(-1)
      if (batch === undefined || batch.points.length + points.length > pointsMax) {
        batch = { points: [], done: Promise.withResolvers<void>() }
        waiting.push(batch)
      }
      batch.points.push(...points)
      const { promise } = batch.done
      if (!isWriting) void writeAll()
      return promise
    },
  }
}

import { groupCommit } from '../store/group-commit.ts'
import { rollUp } from './domain/retention.ts'
import type { PointStore, SeriesPoint } from './point-store.ts'

/** More than this in one statement only makes the others wait longer. */
const pointsMax = 5000

export interface PointWriter {
  /** Resolves when the points are on disk. */
  write(points: readonly SeriesPoint[]): Promise<void>
}

/** One statement for the points of many callers, and points of one period as one. */
export function createPointWriter(store: PointStore): PointWriter {
  const write = groupCommit<readonly SeriesPoint[]>({
    sizesOf: (points) => [points.length],
    sizesMax: [pointsMax],
    write: (all) => store.append(rollUp(all.flat())),
  })
  return {
    async write(points) {
      if (points.length > 0) await write(points)
    },
  }
}

import type { SeriesPoint } from '../point-store.ts'
import { seriesKey } from '../point-store.ts'
import { periodStart } from './periods.ts'
import { mergeTallies } from './tally.ts'

const hour = 3_600_000
const day = 24 * hour

/** How long each resolution is kept, and what it becomes then. The figures are CloudWatch's. */
export const retention = [
  { resolutionSeconds: 1, keptMilliseconds: 3 * hour, becomesSeconds: 60 },
  { resolutionSeconds: 60, keptMilliseconds: 15 * day, becomesSeconds: 300 },
  { resolutionSeconds: 300, keptMilliseconds: 63 * day, becomesSeconds: 3600 },
  { resolutionSeconds: 3600, keptMilliseconds: 455 * day, becomesSeconds: undefined },
] as const

/** A series without points is listed for two weeks more. */
export const seriesKeptMilliseconds = 14 * day

/** The same measurements in longer periods; what falls together becomes one. */
export function rollUp(
  points: readonly SeriesPoint[],
  resolutionSeconds?: number,
): readonly SeriesPoint[] {
  const groups = Map.groupBy(points, (point) => {
    const length = resolutionSeconds ?? point.resolutionSeconds
    return `${seriesKey(point.series)}\0${length}\0${periodStart(point.at, length)}\0${point.unit}`
  })
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const length = resolutionSeconds ?? first.resolutionSeconds
    const { series, unit } = first
    const at = periodStart(first.at, length)
    return [{ ...mergeTallies(group), series, unit, at, resolutionSeconds: length }]
  })
}

import type { Point, Tally } from '../point-store.ts'
import { mergeTallies } from './tally.ts'

/** A period with data: its start, and what was measured in it. */
export interface Period {
  readonly at: number
  readonly unit: string
  readonly tally: Tally
}

/** Merges points into periods that start at `from` and each a period later; apart by unit, ascending in time. */
export function periodsOf(
  points: readonly Point[],
  from: number,
  periodSeconds: number,
): readonly Period[] {
  const length = periodSeconds * 1000
  const groups = new Map<string, { at: number; unit: string; tallies: Tally[] }>()
  for (const point of points) {
    const at = from + Math.floor((point.at - from) / length) * length
    const key = `${at} ${point.unit}`
    const group = groups.get(key)
    if (group) group.tallies.push(point)
    else groups.set(key, { at, unit: point.unit, tallies: [point] })
  }
  return [...groups.values()]
    .map(({ at, unit, tallies }) => ({ at, unit, tally: mergeTallies(tallies) }))
    .sort((a, b) => a.at - b.at || (a.unit < b.unit ? -1 : 1))
}

/** The start of the period in which a time lies, counted from the epoch. */
export function periodStart(at: number, periodSeconds: number): number {
  const length = periodSeconds * 1000
  return Math.floor(at / length) * length
}

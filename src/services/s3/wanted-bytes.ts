import type { ObjectContent } from '../../objects/stored-object.ts'
import { byteRange, type ByteRange } from './byte-range.ts'
import { invalidPartNumber, invalidRequest } from './errors.ts'

interface Wanted {
  readonly Range?: string | undefined
  readonly PartNumber?: number | undefined
}

/** The bytes that a read asks for, by range or by part; undefined for the whole object. An object that came in one piece is its own part 1. */
export function wantedBytes(
  { Range, PartNumber }: Wanted,
  { size, partRuns }: ObjectContent,
): ByteRange | undefined {
  if (PartNumber === undefined) return byteRange(Range, size)
  if (Range !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter')
  }
  let start = 0
  let before = 0
  for (const run of partRuns ?? [{ size, count: 1 }]) {
    if (PartNumber > before && PartNumber <= before + run.count) {
      const first = start + (PartNumber - before - 1) * run.size
      return run.size === 0 ? undefined : { start: first, end: first + run.size - 1 }
    }
    before += run.count
    start += run.count * run.size
  }
  throw invalidPartNumber(PartNumber, before)
}

/** How many parts it came in; undefined when it came in one piece, or nobody asked for a part. */
export function partsCount(
  { PartNumber }: Wanted,
  { partRuns }: ObjectContent,
): { PartsCount?: number } {
  if (PartNumber === undefined || !partRuns) return {}
  return { PartsCount: partRuns.reduce((sum, run) => sum + run.count, 0) }
}

import type { Samples, Tally } from '../point-store.ts'

/** So many different values are kept exactly. */
const exactValuesMax = 100

/** Beyond that a value stands for those within half a percent of it, as in DDSketch (Masson, Rim, Lee 2019). */
export const relativeError = 0.005
const growth = (1 + relativeError) / (1 - relativeError)
const logGrowth = Math.log(growth)

/** The tally of values with their counts; at least one. */
export function tallyOf(values: readonly (readonly [value: number, count: number])[]): Tally {
  let count = 0
  let sum = 0
  let minimum = Infinity
  let maximum = -Infinity
  for (const [value, times] of values) {
    count += times
    sum += value * times
    if (value < minimum) minimum = value
    if (value > maximum) maximum = value
  }
  return { count, sum, minimum, maximum, samples: samplesOf(values) }
}

/** All of them together; at least one. */
export function mergeTallies(tallies: readonly Tally[]): Tally {
  const [first] = tallies
  if (first !== undefined && tallies.length === 1) return first
  let count = 0
  let sum = 0
  let minimum = Infinity
  let maximum = -Infinity
  let isKnown = true
  for (const tally of tallies) {
    count += tally.count
    sum += tally.sum
    if (tally.minimum < minimum) minimum = tally.minimum
    if (tally.maximum > maximum) maximum = tally.maximum
    if (knownSamples(tally) === undefined) isKnown = false
  }
  const samples = isKnown ? samplesOf(tallies.flatMap((one) => knownSamples(one) ?? [])) : undefined
  return { count, sum, minimum, maximum, samples }
}

/** A statistic set of one value tells its percentiles all the same, as on AWS. */
function knownSamples({ samples, minimum, maximum, count }: Tally): Samples | undefined {
  return samples ?? (minimum === maximum ? [[minimum, count]] : undefined)
}

function samplesOf(pairs: readonly (readonly [number, number])[]): Samples {
  if (pairs.length === 1 && pairs[0] !== undefined) return [pairs[0]]
  const exact = counted(pairs)
  if (exact.size <= exactValuesMax) return ascending(exact)
  return ascending(counted([...exact].map(([value, count]) => [rounded(value), count])))
}

function counted(pairs: readonly (readonly [number, number])[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const [value, count] of pairs) counts.set(value, (counts.get(value) ?? 0) + count)
  return counts
}

function ascending(counts: ReadonlyMap<number, number>): Samples {
  return [...counts].sort((a, b) => a[0] - b[0])
}

/** The value that stands for its neighbourhood; rounding it again gives the same. */
function rounded(value: number): number {
  if (value === 0) return 0
  const bucket = Math.ceil(Math.log(Math.abs(value)) / logGrowth - 1e-9)
  return Math.sign(value) * ((2 * Math.exp(bucket * logGrowth)) / (growth + 1))
}

/**
 * The value that a share of the measurements do not exceed, between 0 and 100 percent: interpolated between the two next
 * ranks, and never outside of minimum and maximum.
 */
export function percentileOf(tally: Tally, percent: number): number | undefined {
  const { count, minimum, maximum } = tally
  const samples = knownSamples(tally)
  if (samples === undefined || count <= 0) return undefined
  const rank = (percent / 100) * (count - 1)
  let passed = 0
  let below = samples[0]?.[0] ?? minimum
  for (const [value, times] of samples) {
    if (passed > rank) {
      // The rank lies between the last value and this one.
      const share = Math.min(1, Math.max(0, rank - (passed - 1)))
      return clamp(below + (value - below) * share, minimum, maximum)
    }
    passed += times
    below = value
    if (rank <= passed - 1) return clamp(value, minimum, maximum)
  }
  return clamp(below, minimum, maximum)
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}

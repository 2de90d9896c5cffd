import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mergeTallies, percentileOf, relativeError, tallyOf } from './tally.ts'

const values = fc.array(
  fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 20 })),
  { minLength: 1, maxLength: 300 },
)

function rankOf(pairs: readonly (readonly [number, number])[], percent: number): number {
  const all = pairs.flatMap(([value, count]) => Array.from({ length: count }, () => value))
  all.sort((a, b) => a - b)
  const rank = (percent / 100) * (all.length - 1)
  const low = all[Math.floor(rank)] ?? 0
  const high = all[Math.ceil(rank)] ?? 0
  return low + (high - low) * (rank - Math.floor(rank))
}

test('a percentile is within half a percent of the exact one, or of a neighbour of it', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 100, noNaN: true }), (pairs, percent) => {
      const found = percentileOf(tallyOf(pairs), percent) ?? Number.NaN
      const exact = rankOf(pairs, percent)
      const reach = Math.max(...pairs.map(([value]) => Math.abs(value)))
      const near = Math.max(Math.abs(exact) * relativeError * 1.01, reach * relativeError * 1.01)
      assert.ok(Math.abs(found - exact) <= near + 1e-9, `${found} for ${exact}`)
    }),
  )
})

test('up to a hundred different values percentiles are exact', () => {
  const few = fc.array(fc.tuple(fc.integer({ min: -50, max: 49 }), fc.constant(1)), {
    minLength: 1,
    maxLength: 400,
  })
  fc.assert(
    fc.property(few, fc.integer({ min: 0, max: 100 }), (pairs, percent) => {
      const found = percentileOf(tallyOf(pairs), percent) ?? Number.NaN
      assert.ok(Math.abs(found - rankOf(pairs, percent)) < 1e-9)
    }),
  )
})

test('merging parts is the same as measuring it all at once, in any order', () => {
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (parts) => {
      const merged = mergeTallies(parts.map((part) => tallyOf(part)))
      const backwards = mergeTallies(parts.toReversed().map((part) => tallyOf(part)))
      const whole = tallyOf(parts.flat())
      assert.deepEqual(
        [merged.count, merged.minimum, merged.maximum],
        [whole.count, whole.minimum, whole.maximum],
      )
      assert.ok(Math.abs(merged.sum - whole.sum) <= 1e-6 * (1 + Math.abs(whole.sum)))
      assert.deepEqual(merged.samples, backwards.samples)
      const counted = merged.samples?.reduce((sum, [, count]) => sum + count, 0)
      assert.equal(counted, whole.count)
    }),
  )
})

test('a statistic set has no percentiles, and takes them from what it is merged with', () => {
  const set = { count: 2, sum: 4, minimum: 1, maximum: 3, samples: undefined }
  assert.equal(percentileOf(set, 50), undefined)
  assert.equal(percentileOf(mergeTallies([set, tallyOf([[1, 1]])]), 50), undefined)
  assert.equal(mergeTallies([set, tallyOf([[9, 1]])]).maximum, 9)
})

test('a statistic set of one value tells its percentiles, another does not', () => {
  const set = { count: 4, sum: 12, minimum: 3, maximum: 3, samples: undefined }
  assert.equal(percentileOf(set, 99), 3)
  assert.equal(percentileOf(mergeTallies([set, tallyOf([[5, 4]])]), 100), 5)
  assert.equal(percentileOf({ ...set, maximum: 4 }, 99), undefined)
})

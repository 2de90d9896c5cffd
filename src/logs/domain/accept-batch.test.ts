import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { acceptBatch } from './accept-batch.ts'
import { utf8Length } from './utf8-length.ts'

const now = Date.UTC(2026, 10, 22)
const hour = 3_600_000
const around = { now, keptFrom: 0 }

function batch(...hours: readonly number[]) {
  return hours.map((ago) => ({ at: now - ago * hour, message: 'x' }))
}

test('a batch is in order, within a day and not too large', () => {
  assert.deepEqual(acceptBatch(batch(1, 2), around), {
    fault: 'Log events in a single PutLogEvents request must be in chronological order.',
  })
  assert.deepEqual(acceptBatch(batch(25, 0.5), around), {
    fault:
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
  })
  const largest = 1_048_576 - 26
  const sized = (length: number) => acceptBatch([{ at: now, message: 'x'.repeat(length) }], around)
  assert.ok('accepted' in sized(largest))
  assert.deepEqual(sized(largest + 1), {
    fault: 'Upload too large: 1048577 bytes exceeds limit of 1048576',
  })
})

test('what is too old, expired or too new is told by its place, and the rest is taken', () => {
  const apart = acceptBatch(batch(15 * 24, 1, -3), around)
  assert.deepEqual(apart, { accepted: batch(1), rejected: { tooNewStart: 2, tooOldEnd: 1 } })
  const old = acceptBatch(batch(14 * 24 + 2, 14 * 24 + 1, 14 * 24 - 1), around)
  assert.deepEqual(old, { accepted: batch(14 * 24 - 1), rejected: { tooOldEnd: 2 } })
  const fresh = acceptBatch(batch(0, -1, -3), around)
  assert.deepEqual(fresh, { accepted: batch(0, -1), rejected: { tooNewStart: 2 } })
  const expired = acceptBatch(batch(26, 25, 23), { now, keptFrom: now - 24 * hour })
  assert.deepEqual(expired, { accepted: batch(23), rejected: { expiredEnd: 2 } })
  assert.deepEqual(acceptBatch(batch(3), around), { accepted: batch(3), rejected: undefined })
})

test('lengths are those of UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
      assert.equal(utf8Length(text), Buffer.byteLength(text))
    }),
  )
  assert.equal(utf8Length('\ud800x'), 4)
})

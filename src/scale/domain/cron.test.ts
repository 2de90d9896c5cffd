import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isTimeZone, nextCronRun, parseCron } from './cron.ts'

function runs(text: string, after: string, count: number, zone?: string): string[] {
  const cron = parseCron(text)
  assert.ok(cron, text)
  const found: string[] = []
  let at: number | undefined = Date.parse(after)
  while (found.length < count) {
    at = nextCronRun(cron, at, zone)
    if (at === undefined) break
    found.push(new Date(at).toISOString().slice(0, 16))
  }
  return found
}

test('recurrences are met in order', () => {
  assert.deepEqual(runs('*/20 * * * *', '2026-11-22T10:05:30Z', 3), [
    '2026-11-22T10:20',
    '2026-11-22T10:40',
    '2026-11-22T11:00',
  ])
  assert.deepEqual(runs('30 0 1 1,6,12 *', '2026-11-22T00:00:00Z', 3), [
    '2026-12-01T00:30',
    '2027-01-01T00:30',
    '2027-06-01T00:30',
  ])
  assert.deepEqual(runs('0 9 * * MON-FRI', '2026-11-20T09:00:00Z', 2), [
    '2026-11-23T09:00',
    '2026-11-24T09:00',
  ])
  assert.deepEqual(runs('0 0 13 * FRI', '2026-11-01T00:00:00Z', 3), [
    '2026-11-06T00:00',
    '2026-11-13T00:00',
    '2026-11-20T00:00',
  ])
  assert.deepEqual(runs('0 0 29 2 *', '2096-03-01T00:00:00Z', 1), ['2104-02-29T00:00'])
  assert.deepEqual(runs('0 0 31 2 *', '2026-01-01T00:00:00Z', 1), [])
})

test('a zone keeps its wall clock over summer time', () => {
  assert.deepEqual(runs('0 8 * * *', '2026-03-27T12:00:00Z', 3, 'Europe/Berlin'), [
    '2026-03-28T07:00',
    '2026-03-29T06:00',
    '2026-03-30T06:00',
  ])
  assert.deepEqual(runs('30 2 * * *', '2026-10-24T12:00:00Z', 2, 'Europe/Berlin').length, 2)
  assert.deepEqual(
    runs('30 1 * * *', '2026-10-31T12:00:00Z', 2, 'America/New_York').length,
    2,
    'once on the day on which it comes twice',
  )
  const skipped = runs('30 2 * * *', '2026-03-28T12:00:00Z', 2, 'Europe/Berlin')
  assert.equal(skipped[0]?.slice(0, 10), '2026-03-29')
  assert.equal(skipped[1], '2026-03-30T00:30')
})

test('what is no recurrence or zone is said to be none', () => {
  for (const text of ['', '* * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *']) {
    assert.equal(parseCron(text), undefined, text)
  }
  for (const text of ['* * * * 8', '5-1 * * * *', '*/0 * * * *', 'a * * * *', '*-5 * * * *']) {
    assert.equal(parseCron(text), undefined, text)
  }
  assert.equal(isTimeZone('Pacific/Tahiti'), true)
  assert.equal(isTimeZone('Mars/Base'), false)
})

test('the next run is after now, on a full minute, matches, and none is between', () => {
  const field = (max: number, min = 0) =>
    fc.oneof(fc.constant('*'), fc.integer({ min, max }).map(String))
  fc.assert(
    fc.property(
      fc.tuple(field(59), field(23), field(28, 1), field(12, 1), field(6)),
      fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
      fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York'),
      (fields, after, zone) => {
        const cron = parseCron(fields.join(' '))
        assert.ok(cron)
        const next = nextCronRun(cron, after, zone)
        assert.ok(next !== undefined && next > after && next % 60_000 === 0)
        const earlier = nextCronRun(cron, after - 1, zone)
        assert.ok(earlier !== undefined && earlier <= next)
      },
    ),
    { numRuns: 200 },
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextMoment, parseSchedule } from './schedule.ts'

/** Expression, from, the next moments. 2026-11-22 is a Sunday. */
const moments: readonly (readonly [string, string, readonly string[]])[] = [
  ['cron(0 10 * * ? *)', '2026-11-22T10:00', ['2026-11-23T10:00', '2026-11-24T10:00']],
  ['cron(15 12 ? * MON-FRI *)', '2026-11-20T13:00', ['2026-11-23T12:15']],
  ['cron(0/20 8-9 ? * 1 *)', '2026-11-22T09:30', ['2026-11-22T09:40', '2026-11-29T08:00']],
  ['cron(0 0 L * ? *)', '2026-11-30T00:00', ['2026-12-31T00:00', '2027-01-31T00:00']],
  ['cron(0 0 ? * 6L *)', '2026-11-01T00:00', ['2026-11-27T00:00', '2026-12-25T00:00']],
  ['cron(0 0 ? * TUE#2 *)', '2026-11-01T00:00', ['2026-11-10T00:00', '2026-12-08T00:00']],
  ['cron(0 0 1W * ? *)', '2026-10-31T00:00', ['2026-11-02T00:00', '2026-12-01T00:00']],
  ['cron(0 0 15W * ? *)', '2026-11-01T00:00', ['2026-11-16T00:00', '2026-12-15T00:00']],
  ['cron(0 0 29 2 ? *)', '2026-11-22T00:00', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ['cron(0 6 1 JAN,JUL ? 2027)', '2026-11-22T00:00', ['2027-01-01T06:00', '2027-07-01T06:00']],
]

test('cron expressions give the moments that their words mean', () => {
  for (const [text, from, wanted] of moments) {
    const schedule = parseSchedule(text)
    assert.ok(schedule, text)
    let at = Date.parse(`${from}:00Z`)
    for (const moment of wanted) {
      const next = nextMoment(schedule, at, 0)
      assert.equal(new Date(next ?? 0).toISOString().slice(0, 16), moment, text)
      at = next ?? 0
    }
  }
  const past = parseSchedule('cron(0 0 1 1 ? 2020)')
  assert.equal(past && nextMoment(past, Date.UTC(2026, 1), 0), undefined)
  const never = parseSchedule('cron(0 0 31 2 ? *)')
  assert.equal(never && nextMoment(never, Date.UTC(2026, 1), 0), undefined)
})

test('what is no schedule is refused', () => {
  const wrong = [
    ...['rate(0 minutes)', 'rate(1 minutes)', 'rate(5 minute)', 'rate(5 weeks)', 'every day'],
    ...['cron(0 10 * * *)', 'cron(0 10 * * * *)', 'cron(0 10 ? * ? *)', 'cron(60 1 * * ? *)'],
    ...['cron(0 24 * * ? *)', 'cron(0 1 32 * ? *)', 'cron(0 1 ? * 8 *)', 'cron(a 1 * * ? *)'],
    ...['cron(5-1 1 * * ? *)', 'cron(0/0 1 * * ? *)', 'cron(0 1 ? * FOO#2 *)'],
  ]
  for (const text of wrong) assert.equal(parseSchedule(text), undefined, text)
})

test('a rate comes after its time, counted from its beginning', () => {
  const rate = parseSchedule('rate(5 minutes)')
  assert.ok(rate)
  const times = fc.integer({ min: 0, max: 1e9 })
  fc.assert(
    fc.property(times, times, (since, later) => {
      const next = nextMoment(rate, since + later, since) ?? 0
      assert.ok(next > since + later && next <= since + later + 300_000)
      assert.equal((next - since) % 300_000, 0)
    }),
  )
})

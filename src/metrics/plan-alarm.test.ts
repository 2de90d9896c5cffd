import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  isBreachFinal,
  isBreaching,
  planAlarm,
  type AlarmRule,
  type Comparison,
  type Datapoint,
  type MissingTreatment,
} from './plan-alarm.ts'
import { statisticOf, type Statistic } from './domain/statistic.ts'
import { mergeTallies, tallyOf } from './domain/tally.ts'

const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const

/** `0 - X - X`, the oldest first: a datapoint that does not breach, none, one that breaches. */
function range(picture: string): (Datapoint | undefined)[] {
  return picture
    .split(' ')
    .reverse()
    .map((sign, index) => (sign === '-' ? undefined : { at: -index, value: sign === 'X' ? 1 : 0 }))
}

function rule(needed: number, missing: MissingTreatment): AlarmRule {
  const comparison = 'GreaterThanThreshold'
  return { evaluationPeriods: 3, datapointsToAlarm: needed, threshold: 0.5, comparison, missing }
}

const [alarm, ok, retain] = ['ALARM', 'OK', 'retain'] as const
const tables = [
  {
    needed: 3,
    rows: [
      ['0 - X - X', [ok, ok, ok, ok]],
      ['- - - - 0', [ok, ok, ok, ok]],
      ['- - - - -', ['INSUFFICIENT_DATA', retain, alarm, ok]],
      ['0 X X - X', [alarm, alarm, alarm, alarm]],
      ['- - X - -', [alarm, retain, alarm, ok]],
    ],
  },
  {
    needed: 2,
    rows: [
      ['0 - X - X', [alarm, alarm, alarm, alarm]],
      ['0 0 X 0 X', [alarm, alarm, alarm, alarm]],
      ['0 - X - -', [ok, ok, alarm, ok]],
      ['- - - - 0', [ok, ok, alarm, ok]],
      ['- - - X -', [alarm, retain, alarm, ok]],
    ],
  },
] as const

for (const { needed, rows } of tables) {
  for (const [picture, verdicts] of rows) {
    test(`${needed} of 3 in ${picture} is what CloudWatch's table says`, () => {
      const found = treatments.map(
        (missing) => planAlarm(rule(needed, missing), range(picture)).verdict,
      )
      assert.deepEqual(found, verdicts)
    })
  }
}

test('a first breach does not raise an alarm that needs more', () => {
  assert.equal(planAlarm(rule(3, 'missing'), range('- - - - X')).verdict, 'retain')
})

const comparisons: readonly Comparison[] = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
]
const rules = fc
  .record({
    evaluationPeriods: fc.integer({ min: 1, max: 6 }),
    needed: fc.integer({ min: 1, max: 6 }),
    threshold: fc.integer({ min: -3, max: 3 }),
    comparison: fc.constantFrom(...comparisons),
    missing: fc.constantFrom(...treatments),
  })
  .map(({ needed, ...rest }) => ({
    ...rest,
    datapointsToAlarm: Math.min(needed, rest.evaluationPeriods),
  }))
const ranges = fc
  .array(fc.option(fc.integer({ min: -4, max: 4 }), { nil: undefined }), { maxLength: 8 })
  .map((values) =>
    values.map((value, index) => (value === undefined ? undefined : { at: -index, value })),
  )

test('with every datapoint there, an alarm is M breaches out of N, whatever missing data means', () => {
  fc.assert(
    fc.property(rules, fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 6 }), (r, values) => {
      const points = values.map((value, index) => ({ at: -index, value }))
      const breaches = points
        .slice(0, r.evaluationPeriods)
        .filter((point) => isBreaching(r, point.value)).length
      const expected = breaches >= r.datapointsToAlarm ? 'ALARM' : 'OK'
      assert.equal(planAlarm(r, points).verdict, expected)
    }),
  )
})

test('missing data never hides enough breaches, and counts for nothing beyond its treatment', () => {
  fc.assert(
    fc.property(rules, ranges, (r, points) => {
      const plan = planAlarm(r, points)
      if (plan.breaching.length >= r.datapointsToAlarm) assert.equal(plan.verdict, 'ALARM')
      if (r.missing === 'notBreaching' && plan.verdict === 'ALARM') {
        assert.ok(plan.breaching.length >= r.datapointsToAlarm)
      }
      if (plan.verdict === 'INSUFFICIENT_DATA') assert.equal(plan.evaluated.length, 0)
      if (plan.verdict === 'retain') {
        assert.ok(r.missing === 'ignore' || r.missing === 'missing')
        assert.equal(plan.breaching.length, plan.evaluated.length)
      }
      const worse = planAlarm({ ...r, missing: 'breaching' }, points).verdict
      if (plan.verdict === 'ALARM' && r.missing !== 'missing') assert.equal(worse, 'ALARM')
    }),
  )
})

test('a breach of an open period that counts as final stays one, whatever comes', () => {
  const names = ['SampleCount', 'Sum', 'Minimum', 'Maximum'] as const
  const positive = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 })
  let finals = 0
  fc.assert(
    fc.property(rules, fc.constantFrom(...names), positive, positive, (r, name, first, later) => {
      const statistic: Statistic = { kind: 'plain', name }
      const soFar = tallyOf(first.map((value) => [value, 1]))
      const value = statisticOf(soFar, statistic) ?? 0
      if (!isBreachFinal(r, name, { value, minimum: soFar.minimum })) return
      finals++
      const whole = mergeTallies([soFar, tallyOf(later.map((each) => [each, 1]))])
      assert.ok(isBreaching(r, statisticOf(whole, statistic) ?? 0))
    }),
  )
  assert.ok(finals > 0)
})

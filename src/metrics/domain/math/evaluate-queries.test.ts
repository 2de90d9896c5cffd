import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluateQueries, faultOf } from './evaluate-queries.ts'
import type { TimeSeries } from './value.ts'

const minute = 60_000
const range = { from: 0, until: 4 * minute }

function series(label: string, values: readonly (number | undefined)[]): TimeSeries {
  const points = values.flatMap((value, index): [number, number][] =>
    value === undefined ? [] : [[index * minute, value]],
  )
  return { label, periodSeconds: 60, points: new Map(points) }
}

const known = new Map([
  ['m1', series('one', [1, 2, undefined, 4])],
  ['m2', series('two', [10, 0, 30, 40])],
])

/** The values of an expression over the two series, a period each. */
function valuesOf(expression: string): (number | undefined)[][] {
  const queries = [{ id: 'e1', expression, returnsData: true }]
  const found = evaluateQueries(queries, known, range).get('e1') ?? []
  return found.map(({ points }) => [0, 1, 2, 3].map((index) => points.get(index * minute)))
}

const none = undefined
const cases: readonly (readonly [string, (number | undefined)[]])[] = [
  ['m1 + m2 * 2', [21, 2, none, 84]],
  ['(m1 + m2) * 2', [22, 4, none, 88]],
  ['-m1 ^ 2', [1, 4, none, 16]],
  ['m1 / m2', [0.1, none, none, 0.1]],
  ['m1 > 1', [0, 1, none, 1]],
  ['m1 > 1 AND m2 > 0', [0, 0, none, 1]],
  ['m1 == 1 || m2 == 0', [1, 1, none, 0]],
  ['SUM(METRICS())', [11, 2, 30, 44]],
  ['SUM([m1, m2])', [11, 2, 30, 44]],
  ['AVG([m1, m2])', [5.5, 1, 30, 22]],
  ['MAX(METRICS("m2")) - MIN([m2])', [0, 0, 0, 0]],
  ['m2 - MIN(m2)', [10, 0, 30, 40]],
  ['m2 / SUM(m2) * 100', [12.5, 0, 37.5, 50]],
  ['FILL(m1, 0)', [1, 2, 0, 4]],
  ['FILL(m1, REPEAT)', [1, 2, 2, 4]],
  ['FILL(m1, LINEAR)', [1, 2, 3, 4]],
  ['IF(m2 > 5, m2, 0)', [10, 0, 30, 40]],
  ['IF(m2 > 5, m2)', [10, none, 30, 40]],
  ['RATE(m2) * PERIOD(m2)', [none, -10, 30, 10]],
  ['DIFF(m1)', [none, 1, none, 2]],
  ['RUNNING_SUM(m1)', [1, 3, none, 7]],
  ['CEIL(m2 / 4)', [3, 0, 8, 10]],
  ['MINUTE(m2)', [0, 1, 2, 3]],
  ['FIRST([m2, m1])', [10, 0, 30, 40]],
]

for (const [expression, expected] of cases) {
  test(`${expression} is computed datapoint by datapoint`, () => {
    assert.deepEqual(valuesOf(expression), [expected])
  })
}

test('a list gives a series each', () => {
  assert.deepEqual(valuesOf('METRICS() * 2'), [
    [2, 4, none, 8],
    [20, 0, 60, 80],
  ])
})

test('expressions may stand on each other', () => {
  const queries = [
    { id: 'e2', expression: 'e1 * 10', returnsData: true, label: 'ten times' },
    { id: 'e1', expression: 'm1 + 1', returnsData: false },
  ]
  const found = evaluateQueries(queries, known, range)
  assert.deepEqual([...found.keys()], ['e2'])
  assert.deepEqual(
    [found.get('e2')?.[0]?.label, found.get('e2')?.[0]?.points.get(0)],
    ['ten times', 20],
  )
})

const faults: readonly (readonly [string, RegExp])[] = [
  ['m1 +', /ends too early/],
  ['m1 ? 2', /Unexpected character at position 4/],
  ['m9 + 1', /Unrecognized id 'm9'/],
  ['SEARCH("x", "Sum")', /SEARCH is not supported here/],
  ['ANOMALY_DETECTION_BAND(m1)', /ANOMALY_DETECTION_BAND is not supported here/],
  ['NOTHING(m1)', /Unsupported function NOTHING/],
  ['e1 + 1', /leads back to itself/],
  ['('.repeat(200) + '1' + ')'.repeat(200), /nested too deeply/],
  ['(m1', /'\)' was expected/],
]

for (const [expression, reason] of faults) {
  test(`${expression.slice(0, 30)} is refused with its reason`, () => {
    const queries = [
      { id: 'm1', returnsData: false },
      { id: 'e1', expression, returnsData: true },
    ]
    assert.match(faultOf(queries) ?? '', reason)
  })
}

test('an expression that comes to a number is not a result', () => {
  assert.throws(() => valuesOf('SUM(m1)'), /must come to a time series/)
})

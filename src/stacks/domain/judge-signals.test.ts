import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { judgeSignals, type Signal } from './judge-signals.ts'
import { creationSignals, durationOf } from './signal-policy.ts'

function signals(text: string): readonly Signal[] {
  return text.split('').map((letter, index) => ({
    uniqueId: `i-${index}`,
    status: letter === '+' ? 'SUCCESS' : 'FAILURE',
    reason: 'broken',
  }))
}

function judged(
  count: number,
  text: string,
  more: { percentMin?: number; isHandle?: boolean; isOver?: boolean } = {},
): string {
  const { percentMin = 100, isHandle = false, isOver = false } = more
  const verdict = judgeSignals({ count, percentMin, isHandle }, signals(text), isOver)
  return verdict.outcome === 'failed' ? verdict.reason : verdict.outcome
}

test('a resource waits for all of its signals, and one failure is too many', () => {
  assert.equal(judged(2, '+'), 'waiting')
  assert.equal(judged(2, '++'), 'satisfied')
  assert.match(judged(2, '+-'), /Received 1 FAILURE signal\(s\) out of 2. Unable to satisfy 100%/)
  assert.match(judged(3, '+', { isOver: true }), /Failed to receive 2 resource signal\(s\) within/)
})

test('a percentage lets some fail or stay away, and waits for them until its time is over', () => {
  const half = { percentMin: 50 }
  assert.equal(judged(4, '++', half), 'waiting')
  assert.equal(judged(4, '++', { ...half, isOver: true }), 'satisfied')
  assert.equal(judged(4, '++--', half), 'satisfied')
  assert.match(judged(4, '---', half), /Unable to satisfy 50%/)
})

test('a wait condition fails with the words of the first failure, or says how many are missing', () => {
  const handle = { isHandle: true }
  assert.equal(
    judged(2, '-', handle),
    "WaitCondition received failed message: 'broken' for uniqueId: i-0",
  )
  assert.equal(
    judged(2, '+', { ...handle, isOver: true }),
    'WaitCondition timed out. Received 1 conditions when expecting 2',
  )
})

test('what is satisfied had enough successes, and when the time is over nothing waits', () => {
  fc.assert(
    fc.property(
      fc.nat(6),
      fc.nat(100),
      fc.string({ unit: fc.constantFrom('+', '-'), maxLength: 8 }),
      (count, percentMin, text) => {
        const required = Math.ceil((count * percentMin) / 100)
        const over = judged(count, text, { percentMin, isOver: true })
        assert.notEqual(over, 'waiting')
        const successCount = text.split('').filter((letter) => letter === '+').length
        if (judged(count, text, { percentMin }) === 'satisfied') {
          assert.ok(successCount >= required)
          assert.equal(over, 'satisfied')
        }
      },
    ),
  )
})

test('creation policies have AWS’s defaults and bounds', () => {
  assert.equal(durationOf('PT1H30M5S'), 5_405_000)
  for (const text of ['', 'PT', '5M', 'P1D', 'PT1.5M']) assert.equal(durationOf(text), undefined)
  assert.deepEqual(creationSignals('A', { ResourceSignal: {} }), {
    count: 1,
    percentMin: 100,
    timeoutMilliseconds: 300_000,
  })
  const bad: readonly unknown[] = [
    { ResourceSignal: { Timeout: 'PT13H' } },
    { ResourceSignal: { Count: 'many' } },
    { ResourceSignal: { Colour: 1 } },
    { StartFleet: true },
    'text',
  ]
  for (const policy of bad) assert.throws(() => creationSignals('A', policy), /CreationPolicy of A/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alarmsIn, parseAlarmRule, ruleHolds } from './alarm-rule.ts'

const states = new Map([
  ['hot', 'ALARM'],
  ['cold', 'OK'],
  ['with "quotes" and (brackets)', 'INSUFFICIENT_DATA'],
])

const rules: readonly (readonly [string, boolean])[] = [
  ['ALARM(hot)', true],
  ['ALARM("cold")', false],
  ['NOT ALARM(cold) AND OK(cold)', true],
  ['ALARM(cold) OR ALARM(cold) OR ALARM(hot)', true],
  ['ALARM(hot) OR ALARM(hot) AND ALARM(cold)', true],
  ['(ALARM(hot) OR ALARM(hot)) AND ALARM(cold)', false],
  ['TRUE AND NOT FALSE', true],
  ['INSUFFICIENT_DATA("with \\"quotes\\" and (brackets)")', true],
  ['ALARM("arn:aws:cloudwatch:us-east-1:000000000000:alarm:hot")', true],
  ['OK(gone) OR ALARM(gone) OR INSUFFICIENT_DATA(gone)', false],
]

for (const [text, holds] of rules) {
  test(`${text} is ${holds}`, () => {
    const reading = parseAlarmRule(text)
    assert.ok(reading.ok)
    assert.equal(
      ruleHolds(reading.tree, (name) => states.get(name)),
      holds,
    )
  })
}

test('what cannot be read says why', () => {
  for (const text of [
    '',
    'ALARM(',
    'ALARM(a) ALARM(b)',
    'hot',
    'NOT',
    'ALARM(a) AND',
    '('.repeat(300),
  ]) {
    const reading = parseAlarmRule(text)
    assert.equal(reading.ok, false, text)
  }
})

test('a rule names each alarm once', () => {
  const reading = parseAlarmRule('ALARM(a) OR (OK("b") AND NOT ALARM(a))')
  assert.ok(reading.ok)
  assert.deepEqual(alarmsIn(reading.tree), ['a', 'b'])
})

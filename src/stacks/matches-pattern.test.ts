import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchesPattern } from './matches-pattern.ts'

test('a pattern is held to the whole text', () => {
  assert.equal(matchesPattern('[a-z]+|x', 'abc'), true)
  assert.equal(matchesPattern('[a-z]+', 'abc1'), false)
})

test('a pattern that would take for ever is stopped and named', () => {
  assert.throws(() => matchesPattern('(a|aa)+', `${'a'.repeat(2000)}!`), /takes too long/)
})

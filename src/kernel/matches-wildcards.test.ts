import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { matchesWildcards } from './matches-wildcards.ts'

/** The plain meaning, in time without a bound. */
function meant(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern[0] === '*') {
    return meant(pattern.slice(1), text) || (text !== '' && meant(pattern, text.slice(1)))
  }
  return (
    text !== '' &&
    (pattern[0] === '?' || pattern[0] === text[0]) &&
    meant(pattern.slice(1), text.slice(1))
  )
}

test('a star is any text and a question mark any character, of whole texts', () => {
  const letters = (most: number): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '\n'), maxLength: most })
  fc.assert(
    fc.property(letters(7), letters(9), (pattern, text) => {
      assert.equal(matchesWildcards(pattern, text), meant(pattern, text))
    }),
    { numRuns: 2000 },
  )
})

test('no text makes a pattern of many stars slow', () => {
  assert.equal(matchesWildcards(`${'*a'.repeat(500)}*b`, 'a'.repeat(20_000)), false)
})

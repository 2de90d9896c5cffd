import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { filterFault, passesFilter } from './filter-policy.ts'
import { patternFault } from './pattern-fault.ts'
import { matchesPattern, matchesWildcard, type Json, type JsonObject } from './pattern.ts'

/** Condition, what it takes, what it does not. */
const conditions: readonly (readonly [Json, readonly Json[], readonly Json[]])[] = [
  ['a', ['a', ['b', 'a']], ['A', 1, null, ['b'], { a: 'a' }]],
  [1, [1, [2, 1]], ['1', 2]],
  [true, [true], ['true', false]],
  [null, [null], ['', 0]],
  [{ prefix: 'ab' }, ['ab', 'abc'], ['a', 'xab', 1]],
  [{ prefix: { 'equals-ignore-case': 'AB' } }, ['abc', 'ABc'], ['b']],
  [{ suffix: '.png' }, ['a.png'], ['a.jpg', 1]],
  [{ suffix: { 'equals-ignore-case': '.PNG' } }, ['a.png'], ['a.jpg']],
  [{ 'equals-ignore-case': 'Ab' }, ['aB'], ['abc']],
  [{ 'anything-but': 'a' }, ['b', 1, ['a', 'b']], ['a', ['a']]],
  [{ 'anything-but': ['a', 'b'] }, ['c'], ['a', 'b']],
  [{ 'anything-but': [1, 2] }, [3, 'x'], [1]],
  [{ 'anything-but': { prefix: 'in' } }, ['out', 1], ['init']],
  [{ 'anything-but': { prefix: ['a', 'b'] } }, ['c'], ['ax', 'bx']],
  [{ 'anything-but': { suffix: 'x' } }, ['y'], ['ax']],
  [{ 'anything-but': { 'equals-ignore-case': ['A'] } }, ['b'], ['a']],
  [{ 'anything-but': { wildcard: 'a*z' } }, ['ab'], ['abz']],
  [{ numeric: ['=', 3.5] }, [3.5], [3, '3.5']],
  [{ numeric: ['>', 0, '<=', 5] }, [5, 0.1], [0, 6]],
  [{ exists: true }, ['a', null, 0], [{}]],
  [{ cidr: '10.0.0.0/24' }, ['10.0.0.255'], ['10.0.1.0', 'x', '10.0.0']],
  [{ cidr: '2001:db8::/32' }, ['2001:db8:1::5'], ['2001:db9::1', '10.0.0.1']],
  [{ wildcard: 'a*b*c' }, ['abc', 'axxbxxc'], ['ab', 'abcd']],
]

test('each condition takes what it says and nothing else', () => {
  for (const [condition, taken, refused] of conditions) {
    const pattern = { x: [condition] }
    assert.equal(patternFault(pattern), undefined, JSON.stringify(condition))
    for (const x of taken) assert.ok(matchesPattern(pattern, { x }), JSON.stringify([condition, x]))
    for (const x of refused) {
      assert.ok(!matchesPattern(pattern, { x }), JSON.stringify([condition, x]))
    }
    const isAbsenceTaken = matchesPattern(pattern, {})
    assert.ok(!isAbsenceTaken, JSON.stringify(condition))
  }
})

test('names are all needed, conditions and alternatives are not', () => {
  const pattern = { a: ['x', 'y'], $or: [{ b: [1] }, { c: { d: [{ exists: false }] } }] }
  assert.ok(matchesPattern(pattern, { a: 'y', b: 1, c: { d: 1 } }))
  assert.ok(matchesPattern(pattern, { a: 'x' }))
  assert.ok(!matchesPattern(pattern, { a: 'x', c: { d: 1 } }))
  assert.ok(!matchesPattern(pattern, { b: 1 }))
  // One element of a list has to match as a whole.
  const both = { list: { a: [1], b: [2] } }
  assert.ok(matchesPattern(both, { list: [{ a: 1, b: 2 }] }))
  assert.ok(!matchesPattern(both, { list: [{ a: 1 }, { b: 2 }] }))
})

test('wrong patterns are refused', () => {
  const wrong: readonly Json[] = [
    ...[[], 'x', {}, { a: 'x' }, { a: [] }, { a: {} }, { a: [[1]] }, { a: [{ like: 'x' }] }],
    ...[{ a: [{ prefix: 1 }] }, { a: [{ prefix: '' }] }, { a: [{ prefix: 'a', suffix: 'b' }] }],
    ...[{ a: [{ numeric: [] }] }, { a: [{ numeric: ['>', 'x'] }] }, { a: [{ numeric: ['~', 1] }] }],
    ...[{ a: [{ numeric: ['<', 1, '>', 0] }] }, { a: [{ numeric: ['>', 5, '<', 1] }] }],
    ...[
      { a: [{ exists: 'yes' }] },
      { a: [{ cidr: '10.0.0/8' }] },
      { a: [{ cidr: '10.0.0.0/33' }] },
    ],
    ...[{ a: [{ 'anything-but': [] }] }, { a: [{ 'anything-but': ['a', 1] }] }],
    ...[{ a: [{ 'anything-but': { like: 'x' } }] }, { a: [{ wildcard: 'a**' }] }],
    ...[{ $or: [{ a: [1] }, { b: 'x' }] }],
  ]
  for (const pattern of wrong) assert.ok(patternFault(pattern), JSON.stringify(pattern))
})

test('a wildcard means what the regular expression of the same stars means', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
  const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 })
  fc.assert(
    fc.property(letters, texts, (wildcard, text) => {
      const meant = new RegExp(`^${wildcard.replaceAll('*', '.*')}$`).test(text)
      assert.equal(matchesWildcard(wildcard, text), meant)
    }),
  )
  assert.ok(matchesWildcard('a\\*', 'a*'))
  assert.ok(!matchesWildcard('a\\*', 'ab'))
})

test('a filter reads attributes by their types, or the body', () => {
  const attributes = {
    kind: { type: 'String', text: 'order' },
    price: { type: 'Number', text: '12.50' },
    tags: { type: 'String.Array', text: '["new",3]' },
    raw: { type: 'Binary', binary: 'AAAA' },
  }
  const message = { body: '{"a":{"b":1}}', attributes }
  const passes = (policy: JsonObject): boolean => passesFilter(policy, 'MessageAttributes', message)
  assert.ok(passes({ kind: ['order'], price: [12.5], tags: [3] }))
  assert.ok(!passes({ price: ['12.50'] }))
  assert.ok(!passes({ raw: [{ exists: true }] }))
  assert.ok(passes({ none: [{ exists: false }] }))
  assert.ok(passes({}))
  assert.ok(passesFilter({ a: { b: [1] } }, 'MessageBody', message))
  assert.ok(!passesFilter({ a: { b: [1] } }, 'MessageBody', { ...message, body: 'plain' }))
  assert.match(filterFault({ a: { b: [1] } }, 'MessageAttributes') ?? '', /nested/)
  const many = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`k${n}`, [1]]))
  assert.match(filterFault(many, 'MessageAttributes') ?? '', /more than 5 keys/)
  const long = { a: Array.from({ length: 151 }, (_, n) => n) }
  assert.match(filterFault(long, 'MessageAttributes') ?? '', /too complex/)
})

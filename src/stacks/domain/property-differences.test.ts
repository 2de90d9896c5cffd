import assert from 'node:assert/strict'
import { test } from 'node:test'
import { propertyDifferences } from './property-differences.ts'

const shown = (expected: object, actual: object): readonly string[] =>
  propertyDifferences({ ...expected }, { ...actual }).map(
    ({ kind, path, expected: was, actual: is }) => `${kind} ${path} ${was} ${is}`,
  )

test('only what the template says is compared, and texts with the numbers that they write', () => {
  assert.deepEqual(shown({ Size: '3' }, { Size: 3, Other: 1 }), [])
  assert.deepEqual(shown({ Size: '3', Kind: 'x' }, { Size: 4 }), ['NOT_EQUAL /Size 3 4'])
  assert.deepEqual(shown({ Size: 3 }, { Size: undefined }), ['REMOVE /Size 3 '])
})

test('structures are compared whole, lists without their order, tags by their keys', () => {
  assert.deepEqual(shown({ A: { B: 1 } }, { A: { B: 1, C: 'new' } }), ['ADD /A/C  new'])
  assert.deepEqual(shown({ L: ['a', 'b'] }, { L: ['b', 'a', 'c'] }), ['ADD /L/2  c'])
  const tags = [{ Key: 'k', Value: 'v' }]
  assert.deepEqual(shown({ Tags: tags }, { Tags: [{ Key: 'k', Value: 'w' }] }), [
    'NOT_EQUAL /Tags/0/Value v w',
  ])
  assert.deepEqual(shown({ Tags: tags }, { Tags: [] }), ['REMOVE /Tags/0 {"Key":"k","Value":"v"} '])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sameValue } from '../same-value.ts'
import { patched } from './json-patch.ts'

function after(document: unknown, ...patch: readonly unknown[]): unknown {
  const result = patched(document, patch, sameValue)
  return result.ok ? result.value : result.reason
}

test('a patch adds, replaces, removes, moves, copies and tests', () => {
  const document = { a: 1, list: [1, 2], deep: { 'x/y': 'old' } }
  assert.deepEqual(after(document, { op: 'add', path: '/b', value: 2 }), { ...document, b: 2 })
  assert.deepEqual(after({ list: [1, 2] }, { op: 'add', path: '/list/1', value: 9 }), {
    list: [1, 9, 2],
  })
  assert.deepEqual(after({ list: [1] }, { op: 'add', path: '/list/-', value: 2 }), { list: [1, 2] })
  assert.deepEqual(after({ d: { 'x/y': 1 } }, { op: 'replace', path: '/d/x~1y', value: 2 }), {
    d: { 'x/y': 2 },
  })
  assert.deepEqual(after({ a: 1, b: 2 }, { op: 'remove', path: '/a' }), { b: 2 })
  assert.deepEqual(after({ a: 1 }, { op: 'move', from: '/a', path: '/b' }), { b: 1 })
  assert.deepEqual(after({ a: [1] }, { op: 'copy', from: '/a', path: '/b' }), { a: [1], b: [1] })
  assert.deepEqual(after({ a: [1] }, { op: 'test', path: '/a', value: [1] }), { a: [1] })
  assert.deepEqual(document, { a: 1, list: [1, 2], deep: { 'x/y': 'old' } })
})

test('what cannot be done says which operation it is, and why', () => {
  const add = { op: 'add', path: '/b', value: 1 }
  assert.equal(
    after({}, add, { op: 'remove', path: '/none' }),
    'operation 1: there is nothing at /none',
  )
  assert.match(String(after({ a: 1 }, { op: 'test', path: '/a', value: 2 })), /another one/)
  assert.match(String(after({}, { op: 'replace', path: '/a', value: 1 })), /nothing at \/a/)
  assert.match(String(after({ l: [] }, { op: 'add', path: '/l/3', value: 1 })), /no place 3/)
  assert.match(String(after({ l: 1 }, { op: 'add', path: '/l/x', value: 1 })), /nothing can be put/)
  assert.match(String(after({}, { op: 'grow', path: '/a' })), /op is one of/)
  assert.match(String(after({}, { op: 'add', path: 'a', value: 1 })), /begins with no/)
  assert.match(String(after({}, { op: 'add', path: '/a' })), /needs a value/)
  assert.match(String(after({ a: {} }, { op: 'move', from: '/a', path: '/a/b' })), /into itself/)
  const whole = patched({}, { op: 'add' }, sameValue)
  assert.ok(!whole.ok && /array/.test(whole.reason))
})

test('a member named __proto__ is a member like any other', () => {
  const value = after({}, { op: 'add', path: '/__proto__', value: { bad: true } }) as object
  assert.ok(Object.hasOwn(value, '__proto__'))
  assert.equal(({} as Record<string, unknown>)['bad'], undefined)
})

test('what is added and removed again leaves the document as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (document, name) => {
      fc.pre(!Object.hasOwn(document, name))
      const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      const back = after(document, { op: 'add', path, value: 1 }, { op: 'remove', path })
      assert.ok(sameValue(back, JSON.parse(JSON.stringify(document))) || sameValue(back, document))
    }),
  )
})

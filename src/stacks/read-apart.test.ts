import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../kernel/system/clock.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { plainOf } from './domain/source-node.ts'
import { ApartReader } from './read-apart.ts'
import { isQuick, readSource } from './read-source.ts'

function resources(count: number): string {
  const each = Array.from({ length: count }, (_, n) => `  R${n}:\n    Type: !Sub 'a'\n    5: [1]\n`)
  return `Resources:\n${each.join('')}  __proto__: { a: null }\n`
}

test('a long text is read in a thread to what it is read to here, lines and all', async () => {
  const text = resources(2000)
  assert.equal(isQuick(text), false)
  assert.deepEqual(await new ApartReader(systemClock).read(text), readSource(text))
})

test('a text that is wrong is refused there with the same words', async () => {
  const text = `${resources(10)}Resources: 1\n`
  const problem = /YAML not well-formed. \(line 33, column 1\): Map keys must be unique/
  await assert.rejects(new ApartReader(systemClock).read(text), problem)
  assert.throws(() => readSource(text), problem)
})

test('a text that takes too long ends its thread', async () => {
  const clock = manualClock()
  const reading = new ApartReader(clock).read('['.repeat(1_000_000))
  const refused = assert.rejects(reading, /Template format error: the template takes too long/)
  await clock.advance(60_000)
  await refused
})

test('an alias is what its name last stood for', () => {
  const text = 'a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: &y [*x, { f: *x }]\ng: *y\n'
  const plain = plainOf(readSource(text))
  assert.deepEqual(plain, { a: 1, b: 1, c: 2, d: 2, e: [2, { f: 2 }], g: [2, { f: 2 }] })
  assert.throws(() => readSource('a: *x\nb: &x 1\n'), /[Uu]nresolved alias/)
})

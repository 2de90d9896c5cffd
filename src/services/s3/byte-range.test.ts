import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { byteRange } from './byte-range.ts'
import { copySource } from './copy-source.ts'
import { tagsOfHeader } from './tagging.ts'

test('a range lies within the object, or is refused', () => {
  const end = fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined })
  fc.assert(
    fc.property(end, end, fc.integer({ min: 0, max: 20 }), (first, last, size) => {
      const header = `bytes=${first ?? ''}-${last ?? ''}`
      let range
      try {
        range = byteRange(header, size)
      } catch {
        return
      }
      if (range) assert.ok(range.start >= 0 && range.start <= range.end && range.end < size)
    }),
  )
})

test('several ranges and other units give the whole object', () => {
  for (const header of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=5-2', 'bytes=-']) {
    assert.equal(byteRange(header, 10), undefined)
  }
})

test('a copy source is decoded and may name a version', () => {
  assert.deepEqual(copySource('/web/a%20b%2Bc/d?versionId=v1'), {
    bucket: 'web',
    key: 'a b+c/d',
    versionId: 'v1',
  })
  assert.throws(() => copySource('web'), { name: 'InvalidArgument' })
  assert.throws(() => copySource('web/%zz'), { name: 'InvalidArgument' })
})

test('tags come out of a header, and doubles are refused', () => {
  assert.deepEqual(tagsOfHeader('a=1&b=x%20y'), [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: 'x y' },
  ])
  assert.throws(() => tagsOfHeader('a=1&a=2'), { name: 'InvalidTag' })
})

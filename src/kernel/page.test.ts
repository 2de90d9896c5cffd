import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pageOf } from './page.ts'

const key = (item: string): string => item

test('following the tokens gives every item once, in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 7 }), (items, itemsMax) => {
      const sorted = items.toSorted()
      const seen: string[] = []
      let nextToken: string | undefined
      do {
        const page = pageOf(sorted, key, { nextToken, itemsMax })
        assert.ok(page)
        seen.push(...page.items)
        nextToken = page.nextToken
      } while (nextToken !== undefined)
      assert.deepEqual(seen, sorted)
    }),
  )
})

test('items made or removed in between neither repeat nor hide others', () => {
  const first = pageOf(['a', 'c', 'e', 'g'], key, { nextToken: undefined, itemsMax: 2 })
  const second = pageOf(['b', 'd', 'e', 'g'], key, { nextToken: first?.nextToken, itemsMax: 9 })
  assert.deepEqual(second?.items, ['d', 'e', 'g'])
})

test('a token that we did not make is refused', () => {
  for (const nextToken of ['', 'x', 'ek1.zz', 'ek1.ffffff']) {
    assert.equal(pageOf(['a'], key, { nextToken, itemsMax: 1 }), undefined)
  }
})

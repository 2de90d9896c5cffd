import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClaimFronts } from './claim-fronts.ts'

test('claims begin where the last one found its first message', () => {
  const fronts = new ClaimFronts()
  assert.equal(fronts.of(1, 5_000), 0)
  fronts.note(1, { from: 0, front: 700, now: 5_000 })
  assert.equal(fronts.of(1, 5_100), 700)
  assert.equal(fronts.of(2, 5_100), 0)
  fronts.note(1, { from: 700, front: 900, now: 5_200 })
  assert.equal(fronts.of(1, 5_300), 900)
})

test('a second after the last look from the beginning the next one begins there', () => {
  const fronts = new ClaimFronts()
  fronts.note(1, { from: 0, front: 700, now: 5_000 })
  fronts.note(1, { from: 700, front: 800, now: 5_999 })
  assert.equal(fronts.of(1, 5_999), 800)
  assert.equal(fronts.of(1, 6_000), 0)
  assert.equal(fronts.of(1, 3_000), 0)
})

test('a claim that did not find enough makes the next one look at everything', () => {
  const fronts = new ClaimFronts()
  fronts.note(1, { from: 0, front: 700, now: 5_000 })
  fronts.note(1, { from: 700, front: undefined, now: 5_001 })
  assert.equal(fronts.of(1, 5_002), 0)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attention } from './attention.ts'
import { defaultLimits, limitsOfFleet } from './plan-target.ts'

test('rounds that follow each other lose nothing, and a gap loses what is beyond two seconds', () => {
  const looked = attention()
  for (const now of [0, 1000, 3000, 13_000, 14_000]) looked.look(now)
  assert.equal(looked.lostSince(0), 8000)
  assert.equal(looked.lostSince(10_000), 3000)
  assert.equal(looked.lostSince(13_000), 0)
})

test('while agents are turned away nothing counts', () => {
  const looked = attention()
  looked.look(0)
  for (let now = 1000; now <= 60_000; now += 1000) looked.look(now, now <= 50_000 ? now - 500 : 0)
  assert.equal(looked.lostSince(0), 50_000)
  assert.equal(looked.lostSince(40_000), 10_000)
})

test('patience grows with the fleet, up to the time in which an event is to start', () => {
  const of = (hosts: number): number => limitsOfFleet(defaultLimits, hosts).silentMilliseconds
  assert.deepEqual([1, 99, 100, 3000, 30_000].map(of), [60_000, 60_000, 61_000, 90_000, 300_000])
})

test('what is lost never exceeds the time that passed, and grows with it', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 500_000 }), (gaps, since) => {
      const looked = attention()
      let now = 0
      looked.look(now)
      for (const gap of gaps) looked.look((now += gap))
      const lost = looked.lostSince(since)
      assert.ok(lost >= 0 && lost <= Math.max(0, now - since))
      assert.ok(looked.lostSince(since + 1000) <= lost)
    }),
  )
})

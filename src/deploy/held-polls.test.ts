import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../testing/manual-clock.ts'
import { HeldPolls } from './held-polls.ts'

const never = new Promise<void>(() => undefined)

test('a poll is held until there is a change, its time ends or its caller goes', async () => {
  const clock = manualClock()
  const polls = new HeldPolls(clock)
  assert.equal(await polls.hold(Promise.resolve(), 1000, undefined), true)
  const timed = polls.hold(never, 1000, undefined)
  await clock.advance(1000)
  assert.equal(await timed, true)
  const caller = new AbortController()
  const left = polls.hold(never, 1000, caller.signal)
  caller.abort()
  assert.equal(await left, true)
})

test('of too many polls the oldest gives way, and only that one', async () => {
  const clock = manualClock()
  const polls = new HeldPolls(clock, 3)
  const held = Array.from({ length: 4 }, () => polls.hold(never, 1000, undefined))
  assert.equal(await held[0], false)
  await clock.advance(1000)
  const others = await Promise.all(held.slice(1))
  assert.ok(others.every((isHeld) => isHeld))
})

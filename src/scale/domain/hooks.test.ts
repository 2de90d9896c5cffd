import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  beginWaits,
  concludeWait,
  expireWaits,
  extendWait,
  hooksPhase,
  nextDeadline,
  type LifecycleHook,
  type MemberHooks,
} from './hooks.ts'

const hook = (name: string, change: Partial<LifecycleHook> = {}): LifecycleHook => ({
  name,
  transition: 'launching',
  heartbeatSeconds: 60,
  defaultResult: 'ABANDON',
  ...change,
})

function begun(hooks: readonly LifecycleHook[]): MemberHooks {
  let tokens = 0
  return beginWaits(hooks, 'launching', 0, () => `token-${++tokens}`)
}

test('an instance is held until every hook of its transition continues', () => {
  let hooks = begun([hook('a'), hook('b'), hook('c', { transition: 'terminating' })])
  assert.deepEqual(
    hooks.waits.map((wait) => wait.hookName),
    ['a', 'b'],
  )
  assert.equal(hooksPhase(hooks), 'wait')
  hooks = concludeWait(hooks, { hookName: 'a' }, 'CONTINUE') ?? hooks
  assert.equal(hooksPhase(hooks), 'wait')
  assert.equal(concludeWait(hooks, { hookName: 'a' }, 'CONTINUE'), undefined, 'only once')
  assert.equal(concludeWait(hooks, { hookName: 'b', token: 'other' }, 'CONTINUE'), undefined)
  hooks = concludeWait(hooks, { hookName: 'b', token: 'token-2' }, 'CONTINUE') ?? hooks
  assert.equal(hooksPhase(hooks), 'continued')
  assert.equal(nextDeadline(hooks), undefined)
})

test('one ABANDON ends the holds of all', () => {
  const hooks = concludeWait(begun([hook('a'), hook('b')]), { hookName: 'b' }, 'ABANDON')
  assert.ok(hooks)
  assert.equal(hooksPhase(hooks), 'abandoned')
  assert.equal(extendWait(hooks, { hookName: 'a' }, 10), undefined)
})

test('heartbeats prolong a hold, and never beyond a hundred of them or 48 hours', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 30, max: 7200 }),
      fc.array(fc.integer({ min: 1, max: 7_200_000 }), { maxLength: 300 }),
      (heartbeatSeconds, pauses) => {
        let hooks = begun([hook('a', { heartbeatSeconds })])
        const bound = Math.min(heartbeatSeconds * 100_000, 48 * 3_600_000)
        let now = 0
        for (const pause of pauses) {
          now += pause
          hooks = expireWaits(hooks, now)
          const deadline = nextDeadline(hooks)
          if (deadline === undefined) break
          assert.ok(deadline > now && deadline <= bound, `${deadline} at ${now}`)
          hooks = extendWait(hooks, { hookName: 'a' }, now) ?? hooks
        }
        assert.equal(hooksPhase(expireWaits(hooks, bound)), 'abandoned')
      },
    ),
  )
})

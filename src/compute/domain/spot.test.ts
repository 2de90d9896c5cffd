import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interruptionLeaves, planInterruption, spotStatus } from './spot.ts'

const interruption = { recommendedAt: 1_000, warnedAt: 5_000, endsAt: 125_000 }
const spot = { requestId: 'sir-1', createdAt: 0 }

test('an interruption is recommended against, warned of and ended in this order, each at its time', () => {
  const plan = (told: 'recommendation' | 'warning' | undefined, now: number) =>
    planInterruption(
      { desired: 'running', interruption: { ...interruption, ...(told && { told }) } },
      now,
    )
  assert.deepEqual(plan(undefined, 1_000), { step: 'tell', what: 'recommendation' })
  assert.deepEqual(plan('recommendation', 4_999), { step: 'wait', until: 5_000 })
  assert.deepEqual(plan('recommendation', 5_000), { step: 'tell', what: 'warning' })
  assert.deepEqual(plan('warning', 5_000), { step: 'wait', until: 125_000 })
  assert.deepEqual(plan('warning', 125_000), { step: 'end' })
  // Whatever was missed meanwhile is told first.
  assert.deepEqual(plan(undefined, 999_999), { step: 'tell', what: 'recommendation' })
  assert.deepEqual(planInterruption({ desired: 'terminated', interruption }, 999_999), {
    step: 'nothing',
  })
})

test('metadata tells what was told, and nothing before', () => {
  assert.deepEqual(interruptionLeaves(undefined), {})
  assert.deepEqual(interruptionLeaves(interruption), {})
  const recommended = {
    'events/recommendations/rebalance': '{"noticeTime":"1970-01-01T00:00:01Z"}',
  }
  assert.deepEqual(interruptionLeaves({ ...interruption, told: 'recommendation' }), recommended)
  assert.deepEqual(interruptionLeaves({ ...interruption, told: 'warning' }), {
    ...recommended,
    'spot/instance-action': '{"action":"terminate","time":"1970-01-01T00:02:05Z"}',
    'spot/termination-time': '1970-01-01T00:02:05Z',
  })
})

test('a request says what became of its instance', () => {
  const running = { desired: 'running', state: 'running', spot } as const
  const ended = { desired: 'terminated', state: 'terminated', spot } as const
  const codeOf = (instance: Parameters<typeof spotStatus>[0], now = 10_000) =>
    spotStatus(instance, now).code
  assert.equal(codeOf(running), 'fulfilled')
  assert.equal(codeOf({ ...running, interruption }), 'marked-for-termination')
  assert.equal(codeOf(ended), 'instance-terminated-by-user')
  assert.equal(codeOf({ ...ended, interruption }, 125_000), 'instance-terminated-no-capacity')
  const cancelled = { ...spot, cancelledAt: 5 }
  assert.equal(spotStatus({ ...running, spot: cancelled }, 10).state, 'cancelled')
  assert.equal(spotStatus({ ...ended, spot: cancelled }, 10).state, 'cancelled')
  assert.equal(spotStatus(ended, 10).state, 'closed')
})

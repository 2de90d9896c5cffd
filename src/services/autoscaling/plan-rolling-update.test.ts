import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  planRollingUpdate,
  type RollingMember,
  type RollingPolicy,
  type RollingView,
} from './plan-rolling-update.ts'

const usual: RollingPolicy = {
  batchMax: 1,
  inServiceMin: 0,
  percentMin: 100,
  pauseMilliseconds: 60_000,
  waitsForSignals: true,
}

interface Outcome {
  readonly type: string
  readonly reason?: string
  readonly steps: readonly string[]
  readonly members: readonly RollingMember[]
  readonly capacity: number
  readonly fewest: number
}

/** Plays an update to its end: what is terminated is replaced as the group would, and new instances signal as `signal` says. */
function play(
  policy: RollingPolicy,
  sizes: { count: number; maxSize: number; weight?: number },
  signal: (index: number) => 'SUCCESS' | 'FAILURE' | undefined = () => 'SUCCESS',
): Outcome {
  const { weight = 1 } = sizes
  const usualCapacity = sizes.count * weight
  let capacity = usualCapacity
  let now = 0
  let made = 0
  let members: RollingMember[] = Array.from({ length: sizes.count }, (_, index) => ({
    instanceId: `old-${index}`,
    weight,
    isCurrent: false,
    isNew: false,
    isInService: true,
    inServiceAt: 0,
  }))
  const signals = new Map<string, 'SUCCESS' | 'FAILURE'>()
  const steps: string[] = []
  let fewest = sizes.count
  for (let round = 0; round < 500; round++) {
    const view: RollingView = {
      policy,
      now,
      usualCapacity,
      desiredCapacity: capacity,
      maxSize: sizes.maxSize * weight,
      totalCount: sizes.count,
      members,
      signals,
    }
    const step = planRollingUpdate(view)
    if (step.type === 'done' || step.type === 'fail')
      return { ...step, steps, members, capacity, fewest }
    if (step.type === 'wait') now += 1000
    else if (step.type === 'resize') {
      steps.push(`resize ${step.capacity}`)
      capacity = step.capacity
    } else {
      steps.push(`terminate ${step.instanceIds.length} shrink ${step.shrinkCount}`)
      members = members.filter(({ instanceId }) => !step.instanceIds.includes(instanceId ?? ''))
      capacity -= step.shrinkCount * weight
      fewest = Math.min(fewest, members.length)
    }
    while ((members.length - 1) * weight >= capacity) members = members.slice(1)
    while (members.length * weight < capacity) {
      const instanceId = `new-${made}`
      const said = signal(made)
      if (said) signals.set(instanceId, said)
      members = [
        ...members,
        { instanceId, weight, isCurrent: true, isNew: true, isInService: true, inServiceAt: now },
      ]
      made++
    }
  }
  throw new Error(`no end: ${steps.join(', ')}`)
}

test('instances are replaced a batch at a time, each waited for', () => {
  const { type, steps } = play(usual, { count: 3, maxSize: 3 })
  assert.equal(type, 'done')
  assert.deepEqual(
    steps,
    Array.from({ length: 3 }, () => 'terminate 1 shrink 0'),
  )
})

test('a group that must stay whole is made larger for the update, and has its size again after it', () => {
  const whole = play({ ...usual, inServiceMin: 2 }, { count: 2, maxSize: 3 })
  assert.equal(whole.type, 'done')
  assert.equal(whole.capacity, 2)
  assert.ok(whole.fewest >= 2)
  assert.deepEqual(whole.steps, ['resize 3', 'terminate 1 shrink 0', 'terminate 1 shrink 1'])
})

test('a failure, or silence for the pause, ends the update unless the percentage allows it', () => {
  const failing = play(usual, { count: 2, maxSize: 2 }, () => 'FAILURE')
  assert.match(failing.reason ?? '', /Received 1 FAILURE signal\(s\) out of 2/)
  const silent = play(usual, { count: 2, maxSize: 2 }, () => undefined)
  assert.equal(silent.type, 'fail')
  const half = { ...usual, percentMin: 50 }
  const first = (index: number): 'SUCCESS' | 'FAILURE' => (index === 0 ? 'FAILURE' : 'SUCCESS')
  assert.equal(play(half, { count: 2, maxSize: 2 }, first).type, 'done')
})

test('without signals each new instance has the pause to prove itself', () => {
  const { type } = play(
    { ...usual, waitsForSignals: false },
    { count: 2, maxSize: 2 },
    () => undefined,
  )
  assert.equal(type, 'done')
})

test('a policy that leaves no room is refused in words', () => {
  const { reason } = play({ ...usual, inServiceMin: 3 }, { count: 3, maxSize: 3 })
  assert.match(reason ?? '', /MinInstancesInService 3 must be less/)
})

test('every update ends with the usual number of new instances, and never with fewer in service than asked', () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.integer({ min: 0, max: 6 }), fc.nat(4)),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(8),
      fc.integer({ min: 1, max: 4 }),
      ([count, more], batchMax, inServiceMin, weight) => {
        const sizes = { count, maxSize: count + more, weight }
        const end = play({ ...usual, batchMax, inServiceMin: inServiceMin * weight }, sizes)
        if (end.type === 'fail') return assert.ok(inServiceMin >= sizes.maxSize)
        assert.equal(end.members.length, count)
        assert.ok(end.members.every(({ isCurrent }) => isCurrent))
        assert.ok(end.fewest >= Math.min(inServiceMin, count))
        return undefined
      },
    ),
  )
})

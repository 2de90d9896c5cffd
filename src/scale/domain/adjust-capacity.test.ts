import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  adjusted,
  planAdjustment,
  stepFor,
  type CapacityView,
  type PolicyRule,
} from './adjust-capacity.ts'

const group = (desired: number, change: Partial<CapacityView> = {}): CapacityView => ({
  minSize: 0,
  maxSize: 100,
  desired,
  warming: 0,
  ...change,
})

test('adjustments round as AWS says they do', () => {
  assert.equal(adjusted(10, 'ChangeInCapacity', -3), 7)
  assert.equal(adjusted(10, 'ExactCapacity', 4), 4)
  assert.equal(adjusted(10, 'PercentChangeInCapacity', 127), 22, '12.7 is rounded down')
  assert.equal(adjusted(10, 'PercentChangeInCapacity', 6.7), 11, '0.67 becomes 1')
  assert.equal(adjusted(10, 'PercentChangeInCapacity', -5.8), 9, '-0.58 becomes -1')
  assert.equal(adjusted(10, 'PercentChangeInCapacity', -66.7), 4, '-6.67 becomes -6')
  assert.equal(adjusted(4, 'PercentChangeInCapacity', 25, 2), 6, 'the minimum magnitude')
})

const steps = [
  { lower: 0, upper: 10, adjustment: 0 },
  { lower: 10, upper: 20, adjustment: 10 },
  { lower: 20, adjustment: 30 },
  { lower: -10, upper: 0, adjustment: 0 },
  { lower: -20, upper: -10, adjustment: -10 },
  { upper: -20, adjustment: -30 },
]

test('a step begins at its bound on the side of the threshold', () => {
  const at = (metricValue: number) => stepFor(steps, { metricValue, threshold: 50 })?.adjustment
  assert.deepEqual([50, 59, 60, 69, 70, 99].map(at), [0, 0, 10, 10, 30, 30])
  assert.deepEqual([49, 41, 40, 31, 30, 1].map(at), [0, 0, -10, -10, -30, -30])
})

test('a metric at the threshold itself meets the steps of an alarm that looks down, too', () => {
  const down = [{ upper: 0, adjustment: -1 }]
  const at = (metricValue: number) => stepFor(down, { metricValue, threshold: 0 })?.adjustment
  assert.deepEqual([0, -1, 1].map(at), [-1, -1, undefined])
})

const stepRule: PolicyRule = {
  type: 'StepScaling',
  adjustmentType: 'PercentChangeInCapacity',
  steps,
}

test("the example of AWS's guide: warming instances are not launched twice", () => {
  const breach = (metricValue: number) => ({ metricValue, threshold: 50 })
  assert.equal(planAdjustment(stepRule, group(10), breach(60)), 11)
  assert.equal(planAdjustment(stepRule, group(11, { warming: 1 }), breach(60)), undefined)
  assert.equal(planAdjustment(stepRule, group(11, { warming: 1 }), breach(70)), 13)
  assert.equal(planAdjustment(stepRule, group(13, { warming: 3 }), breach(30)), undefined)
  assert.equal(planAdjustment(stepRule, group(13), breach(40)), 12)
})

test('tracking follows its target in proportion, and rests between the target and nine tenths of it', () => {
  const rule: PolicyRule = { type: 'TargetTrackingScaling', target: 50, scalesIn: true }
  const to = (metricValue: number, view: CapacityView) =>
    planAdjustment(rule, view, { metricValue, threshold: 50 })
  assert.equal(to(75, group(4)), 6)
  assert.equal(to(48, group(4)), undefined)
  assert.equal(to(20, group(4)), 2)
  assert.equal(to(20, group(4, { warming: 1 })), undefined)
  assert.equal(to(5000, group(4, { maxSize: 9 })), 9)
  assert.equal(to(200, group(0)), 4, 'from nothing')
  const outOnly: PolicyRule = { ...rule, scalesIn: false }
  assert.equal(planAdjustment(outOnly, group(4), { metricValue: 1, threshold: 50 }), undefined)
})

const rules: fc.Arbitrary<PolicyRule> = fc.oneof(
  fc.record({
    type: fc.constant('SimpleScaling' as const),
    adjustmentType: fc.constantFrom(
      'ChangeInCapacity' as const,
      'PercentChangeInCapacity' as const,
    ),
    adjustment: fc.integer({ min: -300, max: 300 }),
    magnitudeMin: fc.integer({ min: 1, max: 9 }),
  }),
  fc.constant(stepRule),
  fc.record({
    type: fc.constant('TargetTrackingScaling' as const),
    target: fc.integer({ min: 1, max: 100 }),
    scalesIn: fc.boolean(),
  }),
)

test('no policy leads out of the bounds of its group, or scales in while instances warm up', () => {
  fc.assert(
    fc.property(rules, fc.nat(20), fc.nat(20), fc.nat(400), (rule, minSize, room, metricValue) => {
      const maxSize = minSize + room
      for (let desired = minSize; desired <= maxSize; desired++) {
        for (const warming of [0, Math.floor(desired / 2), desired]) {
          const view = { minSize, maxSize, desired, warming }
          const next = planAdjustment(rule, view, { metricValue, threshold: 50 })
          if (next === undefined) continue
          assert.ok(Number.isInteger(next) && next >= minSize && next <= maxSize)
          assert.notEqual(next, desired)
          if (warming > 0 && rule.type !== 'SimpleScaling') assert.ok(next > desired)
        }
      }
    }),
  )
})

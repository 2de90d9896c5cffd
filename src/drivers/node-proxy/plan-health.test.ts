import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { matchesStatus } from './probe-result.ts'
import {
  newHealth,
  planHealth,
  suspended,
  type CheckResult,
  type HealthRecord,
} from './plan-health.ts'

const check = { healthyThreshold: 3, unhealthyThreshold: 2 }
const good: CheckResult = { ok: true, isRegular: true }
const bad: CheckResult = { ok: false, isRegular: true, reason: 'Target.Timeout', description: 'x' }

function after(record: HealthRecord, ...results: readonly CheckResult[]): HealthRecord {
  return results.reduce((state, result) => planHealth(state, result, check), record)
}

test('a new target is healthy at its first success', () => {
  assert.equal(after(newHealth, { ok: true, isRegular: false }).state, 'healthy')
})

test('a new target that fails stays initial until its threshold', () => {
  const once = after(newHealth, bad)
  assert.deepEqual([once.state, once.reason], ['initial', 'Elb.InitialHealthChecking'])
  assert.deepEqual(
    [after(once, bad).state, after(once, bad).reason],
    ['unhealthy', 'Target.Timeout'],
  )
})

test('an unhealthy target needs its threshold of successes in a row', () => {
  const sick = after(newHealth, bad, bad)
  assert.equal(after(sick, good, good).state, 'unhealthy')
  assert.equal(after(sick, good, good, bad, good, good).state, 'unhealthy')
  assert.equal(after(sick, good, good, good).state, 'healthy')
})

test('probes between checks never make a target unhealthy', () => {
  const probe: CheckResult = { ...bad, isRegular: false }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), (count) => {
      const probes = Array.from({ length: count }, () => probe)
      assert.equal(after(after(newHealth, good), ...probes).state, 'healthy')
      assert.equal(after(newHealth, ...probes).state, 'initial')
    }),
  )
})

test('a suspended target returns with any success and keeps its reported state meanwhile', () => {
  const away = suspended(after(newHealth, good))
  assert.deepEqual([away.state, away.isSuspended], ['healthy', true])
  assert.equal(after(away, { ok: true, isRegular: false }).isSuspended, false)
})

test('a healthy target is unhealthy exactly when the threshold of failures came in a row', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (oks) => {
      let record = after(newHealth, good)
      let failures = 0
      for (const ok of oks) {
        record = after(record, ok ? good : bad)
        failures = ok ? 0 : failures + 1
        if (record.state === 'unhealthy') {
          assert.ok(failures >= check.unhealthyThreshold)
          return
        }
        assert.ok(failures < check.unhealthyThreshold)
      }
    }),
  )
})

test('matchers are single codes, lists and ranges', () => {
  assert.ok(matchesStatus('200', 200))
  assert.ok(matchesStatus('200,302', 302))
  assert.ok(matchesStatus('200-299', 204))
  assert.ok(!matchesStatus('200-299,301', 302))
})

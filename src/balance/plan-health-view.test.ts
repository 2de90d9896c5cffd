import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GatewayReport } from '../protocol/gateway.ts'
import { isDrained } from './plan-health-view.ts'
import type { Target } from './records.ts'

const target: Target = {
  ...{ groupId: 'web/1', targetId: 'i-1', port: 80, state: 'draining', drainingSince: 1000 },
}
const idle = { targetGroupId: 'web/1', targetId: 'i-1:80', state: 'draining', since: 0 } as const

function reportOf(requestsInFlight: number): GatewayReport {
  const targets = [{ ...idle, requestsInFlight }]
  return { gatewayId: 'gw-1', generation: 1, targets, requestCount: 0, listening: [] }
}

const group = { delaySeconds: 300, gatewayIds: ['gw-1'] }

test('a draining target is done when nothing is under way to it, or its time is up', () => {
  assert.equal(isDrained(target, 2000, group, [reportOf(1)]), false)
  assert.equal(isDrained(target, 2000, group, [reportOf(0)]), true)
  assert.equal(isDrained(target, 2000, group, []), false)
  assert.equal(isDrained(target, 301_000, group, [reportOf(1)]), true)
})

test('one whose connections the network passes on is done when its time is up', () => {
  const passedOn = { ...group, isPassedOn: true }
  assert.equal(isDrained(target, 2000, passedOn, [reportOf(0)]), false)
  assert.equal(isDrained(target, 301_000, passedOn, [reportOf(0)]), true)
  assert.equal(isDrained(target, 2000, { ...passedOn, gatewayIds: [] }, []), true)
})

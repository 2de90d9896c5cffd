import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DeploymentTarget } from './deployment-target.ts'
import { requiredHealthy, type MinimumHealthyHosts } from './domain/minimum-healthy.ts'
import { healthyCount, inOrder, planDeployment } from './plan-deployment.ts'

function host(n: number, change: Partial<DeploymentTarget> = {}): DeploymentTarget {
  return {
    deploymentId: 'd-1',
    targetId: `i-${String(n).padStart(3, '0')}`,
    targetArn: '',
    status: 'Pending',
    wasHealthy: true,
    revisionAge: 'unknown',
    lastUpdatedAt: 0,
    events: [],
    ...change,
  }
}

const hosts = (count: number): DeploymentTarget[] =>
  Array.from({ length: count }, (_, n) => host(n))
const percent = (value: number): MinimumHealthyHosts => ({ type: 'FLEET_PERCENT', value })
const count = (value: number): MinimumHealthyHosts => ({ type: 'HOST_COUNT', value })
const oneAtATime: MinimumHealthyHosts = { type: 'MOST_CONCURRENCY', value: 1 }

test("the minimum and the number at a time are those of AWS's examples", () => {
  const check = (minimum: MinimumHealthyHosts, fleet: number, required: number, atOnce: number) => {
    assert.equal(requiredHealthy(minimum, fleet), required)
    const plan = planDeployment({ minimumHealthyHosts: minimum, isStopping: false }, hosts(fleet))
    assert.equal(plan.start.length, atOnce)
  }
  check(percent(50), 9, 5, 4)
  check(percent(40), 9, 4, 5)
  check(count(6), 9, 6, 3)
  check(percent(85), 10, 9, 1)
  check(oneAtATime, 9, 8, 1)
  check(count(0), 9, 0, 9)
  check(oneAtATime, 1, 0, 1)
})

test('a minimum that leaves no host to deploy to fails at once', () => {
  for (const [minimum, fleet] of [
    [percent(95), 10],
    [percent(50), 1],
    [count(3), 3],
  ] as const) {
    const { end } = planDeployment(
      { minimumHealthyHosts: minimum, isStopping: false },
      hosts(fleet),
    )
    assert.equal(end?.status === 'Failed' && end.error.code, 'HEALTH_CONSTRAINTS_INVALID')
  }
})

test('unhealthy hosts come first, then unknown, old and current revisions', () => {
  const order = inOrder([
    host(1, { revisionAge: 'current' }),
    host(2, { revisionAge: 'old' }),
    host(3),
    host(4, { wasHealthy: false, revisionAge: 'current' }),
  ])
  assert.deepEqual(
    order.map((target) => target.targetId),
    ['i-004', 'i-003', 'i-002', 'i-001'],
  )
})

/** Plays a deployment to its end: each host that begins succeeds or fails as `fates` say, in an order that `picks` chooses. */
function play(
  targets: DeploymentTarget[],
  minimum: MinimumHealthyHosts,
  chance: { readonly fates: readonly boolean[]; readonly picks: readonly number[] },
): { end: string; targets: DeploymentTarget[]; leastHealthy: number; mostUnderWay: number } {
  let leastHealthy = healthyCount(targets)
  let mostUnderWay = 0
  for (let step = 0; step < 1000; step++) {
    const plan = planDeployment({ minimumHealthyHosts: minimum, isStopping: false }, targets)
    targets = targets.map((target) =>
      plan.start.includes(target.targetId) ? { ...target, status: 'InProgress' } : target,
    )
    leastHealthy = Math.min(leastHealthy, healthyCount(targets))
    const underWay = targets.flatMap((target, n) => (target.status === 'InProgress' ? [n] : []))
    mostUnderWay = Math.max(mostUnderWay, underWay.length)
    if (plan.end) return { end: plan.end.status, targets, leastHealthy, mostUnderWay }
    const done = underWay[(chance.picks[step % chance.picks.length] ?? 0) % underWay.length] ?? 0
    targets = targets.map((target, n) =>
      n === done ? { ...target, status: chance.fates[n] ? 'Succeeded' : 'Failed' } : target,
    )
  }
  throw new Error('it does not end')
}

const minimums = fc.oneof(
  fc.integer({ min: 0, max: 99 }).map(percent),
  fc.integer({ min: 0, max: 30 }).map(count),
  fc.constant(oneAtATime),
)

test('never fewer healthy than the minimum by our own action, and it always ends', () => {
  const fleets = fc.array(fc.record({ wasHealthy: fc.boolean(), fate: fc.boolean() }), {
    minLength: 1,
    maxLength: 30,
  })
  const picks = fc.array(fc.nat(), { minLength: 1 })
  fc.assert(
    fc.property(fleets, minimums, picks, (fleet, minimum, chosen) => {
      const start = fleet.map(({ wasHealthy }, n) => host(n, { wasHealthy }))
      const required = requiredHealthy(minimum, fleet.length)
      const before = healthyCount(start)
      const fates = fleet.map(({ fate }) => fate)
      const played = play(start, minimum, { fates, picks: chosen })
      assert.ok(played.leastHealthy >= Math.min(before, required))
      assert.ok(played.mostUnderWay <= Math.max(0, fleet.length - required))
      const succeeded = played.targets.filter((target) => target.status === 'Succeeded').length
      const waiting = played.targets.filter((target) => target.status === 'Pending').length
      if (played.end === 'Succeeded') {
        assert.ok(succeeded > 0 && waiting === 0 && healthyCount(played.targets) >= required)
      }
      if (fates.every(Boolean) && required < fleet.length) assert.equal(played.end, 'Succeeded')
    }),
  )
})

test('ten hosts, eight to stay healthy: the second failure ends it, unless it is the last host', () => {
  const fates = (...failing: number[]): boolean[] => hosts(10).map((_, n) => !failing.includes(n))
  const end = (...failing: number[]): string =>
    play(hosts(10), count(8), { fates: fates(...failing), picks: [0] }).end
  assert.equal(end(0), 'Succeeded')
  assert.equal(end(0, 1), 'Failed')
  assert.equal(end(0, 9), 'Succeeded')
})

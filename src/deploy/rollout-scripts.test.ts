import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeploymentTarget } from './deployment-target.ts'
import type { MinimumHealthyHosts } from './domain/minimum-healthy.ts'
import { planDeployment, type Rollout } from './plan-deployment.ts'
import { previewDeployment } from './preview-deployment.ts'

const count = (value: number): MinimumHealthyHosts => ({ type: 'HOST_COUNT', value })
const percent = (value: number): MinimumHealthyHosts => ({ type: 'FLEET_PERCENT', value })
const one: MinimumHealthyHosts = { type: 'MOST_CONCURRENCY', value: 1 }
const half = percent(50)
const all = count(0)

/** `a1 b2!`: host 1 in zone a, then one in zone b that fails; `~`: it was unhealthy before, `=`: it has the revision already. */
function fleet(text: string): { targets: DeploymentTarget[]; failing: Set<string> } {
  const words = text.split(' ')
  const targets = words.map((word): DeploymentTarget => {
    return {
      deploymentId: 'd-1',
      targetId: word.replace(/[!~=]/g, ''),
      targetArn: '',
      zone: word.slice(0, 1),
      status: 'Pending',
      wasHealthy: !word.includes('~'),
      revisionAge: word.includes('=') ? 'current' : 'old',
      lastUpdatedAt: 0,
      events: [],
    }
  })
  const failing = words.filter((word) => word.includes('!'))
  return { targets, failing: new Set(failing.map((word) => word.replace(/[!~=]/g, ''))) }
}

/** What happened, in order: `+a1` begins, `a1` is done, `a1!` failed; and how it ended. The first that began ends first. */
function script(rollout: Omit<Rollout, 'isStopping'>, text: string): string {
  const fleetOf = fleet(text)
  let { targets } = fleetOf
  const underWay: string[] = []
  const words: string[] = []
  let now = 0
  const set = (id: string, status: DeploymentTarget['status']): void => {
    targets = targets.map((target) =>
      target.targetId === id ? { ...target, status, lastUpdatedAt: now } : target,
    )
  }
  for (let step = 0; step < 500; step++) {
    const plan = planDeployment({ ...rollout, isStopping: false }, targets, now)
    for (const id of plan.start) {
      words.push(`+${id}`)
      underWay.push(id)
      set(id, 'InProgress')
    }
    if (plan.end) {
      const code = plan.end.status === 'Failed' ? ` ${plan.end.error.code}` : ''
      return [...words, `${plan.end.status}${code}`].join(' ')
    }
    const done = underWay.shift()
    now += done === undefined ? 1000 : 0
    if (done === undefined && words.at(-1) !== '.') words.push('.')
    if (done !== undefined) {
      const fails = fleetOf.failing.has(done)
      set(done, fails ? 'Failed' : 'Succeeded')
      words.push(fails ? `${done}!` : done)
    }
  }
  return 'it does not end'
}

const zonal = { firstZoneMonitorSeconds: 2, monitorSeconds: 1 }
const anyInZone = { ...zonal, minimumHealthyHostsPerZone: percent(0) }
const halfOfZone = { ...zonal, minimumHealthyHostsPerZone: half }

const table: readonly (readonly [Omit<Rollout, 'isStopping'>, string, string])[] = [
  [{ minimumHealthyHosts: one }, 'a1', '+a1 a1 Succeeded'],
  [{ minimumHealthyHosts: one }, 'a1!', '+a1 a1! Failed HEALTH_CONSTRAINTS'],
  [{ minimumHealthyHosts: one }, 'a1 a2 a3', '+a1 a1 +a2 a2 +a3 a3 Succeeded'],
  [{ minimumHealthyHosts: one }, 'a1! a2 a3', '+a1 a1! Failed HEALTH_CONSTRAINTS'],
  [{ minimumHealthyHosts: one }, 'a1 a2! a3', '+a1 a1 +a2 a2! Failed HEALTH_CONSTRAINTS'],
  [{ minimumHealthyHosts: one }, 'a1 a2 a3!', '+a1 a1 +a2 a2 +a3 a3! Succeeded'],
  [{ minimumHealthyHosts: one }, 'a1~ a2 a3', '+a1 a1 +a2 a2 +a3 a3 Succeeded'],
  [{ minimumHealthyHosts: one }, 'a1 a2~ a3', '+a2 a2 +a1 a1 +a3 a3 Succeeded'],
  [{ minimumHealthyHosts: one }, 'a1~! a2 a3', '+a1 a1! Failed HEALTH_CONSTRAINTS'],
  [{ minimumHealthyHosts: one }, 'a1~ a2~ a3', '+a1 a1 +a2 a2 +a3 a3 Succeeded'],
  [{ minimumHealthyHosts: one }, 'a1= a2 a3', '+a2 a2 +a3 a3 +a1 a1 Succeeded'],
  [{ minimumHealthyHosts: half }, 'a1', 'Failed HEALTH_CONSTRAINTS_INVALID'],
  [{ minimumHealthyHosts: half }, 'a1 a2', '+a1 a1 +a2 a2 Succeeded'],
  [{ minimumHealthyHosts: half }, 'a1! a2', '+a1 a1! Failed HEALTH_CONSTRAINTS'],
  [{ minimumHealthyHosts: half }, 'a1 a2!', '+a1 a1 +a2 a2! Succeeded'],
  [{ minimumHealthyHosts: half }, 'a1 a2 a3 a4', '+a1 +a2 a1 +a3 a2 +a4 a3 a4 Succeeded'],
  [{ minimumHealthyHosts: half }, 'a1! a2 a3 a4', '+a1 +a2 a1! a2 +a3 a3 +a4 a4 Succeeded'],
  [{ minimumHealthyHosts: half }, 'a1! a2! a3 a4', '+a1 +a2 a1! a2! Failed HEALTH_CONSTRAINTS'],
  [{ minimumHealthyHosts: half }, 'a1 a2 a3! a4!', '+a1 +a2 a1 +a3 a2 +a4 a3! a4! Succeeded'],
  [{ minimumHealthyHosts: half }, 'a1 a2 a3', '+a1 a1 +a2 a2 +a3 a3 Succeeded'],
  [{ minimumHealthyHosts: half }, 'a1! a2 a3', '+a1 a1! Failed HEALTH_CONSTRAINTS'],
  [{ minimumHealthyHosts: all }, 'a1 a2 a3', '+a1 +a2 +a3 a1 a2 a3 Succeeded'],
  [{ minimumHealthyHosts: all }, 'a1! a2 a3', '+a1 +a2 +a3 a1! a2 a3 Succeeded'],
  [
    { minimumHealthyHosts: all },
    'a1! a2! a3!',
    '+a1 +a2 +a3 a1! a2! a3! Failed HEALTH_CONSTRAINTS',
  ],
  [{ minimumHealthyHosts: all }, 'a1! a2! a3', '+a1 +a2 +a3 a1! a2! a3 Succeeded'],
  [{ minimumHealthyHosts: count(1) }, 'a1 a2 a3', '+a1 +a2 a1 +a3 a2 a3 Succeeded'],
  [{ minimumHealthyHosts: count(2) }, 'a1 a2', 'Failed HEALTH_CONSTRAINTS_INVALID'],
  [{ minimumHealthyHosts: count(2) }, 'a1 a2 a3', '+a1 a1 +a2 a2 +a3 a3 Succeeded'],
  [{ minimumHealthyHosts: percent(99) }, 'a1 a2 a3', 'Failed HEALTH_CONSTRAINTS_INVALID'],
  [{ minimumHealthyHosts: percent(66) }, 'a1 a2 a3', '+a1 a1 +a2 a2 +a3 a3 Succeeded'],
  [{ minimumHealthyHosts: percent(34) }, 'a1 a2 a3', '+a1 a1 +a2 a2 +a3 a3 Succeeded'],
  [{ minimumHealthyHosts: percent(95) }, 'a1 a2 a3 a4', 'Failed HEALTH_CONSTRAINTS_INVALID'],
  [
    { minimumHealthyHosts: one, zonal: anyInZone },
    'a1 b2 c3',
    '+a1 a1 . +b2 b2 . +c3 c3 Succeeded',
  ],
  [{ minimumHealthyHosts: all, zonal: anyInZone }, 'a1 a2 b3', '+a1 +a2 a1 a2 . +b3 b3 Succeeded'],
  [{ minimumHealthyHosts: all, zonal: anyInZone }, 'b1 a2', '+a2 a2 . +b1 b1 Succeeded'],
  [
    { minimumHealthyHosts: all, zonal: anyInZone },
    'a1! a2 b3',
    '+a1 +a2 a1! a2 . +b3 b3 Succeeded',
  ],
  [{ minimumHealthyHosts: all, zonal: anyInZone }, 'a1! b2', '+a1 a1! . +b2 b2 Succeeded'],
  [
    { minimumHealthyHosts: one, zonal: anyInZone },
    'a1! b2 c3',
    '+a1 a1! . Failed HEALTH_CONSTRAINTS',
  ],
  [
    { minimumHealthyHosts: all, zonal: halfOfZone },
    'a1 a2 b3 b4',
    '+a1 a1 +a2 a2 . +b3 b3 +b4 b4 Succeeded',
  ],
  [
    { minimumHealthyHosts: all, zonal: halfOfZone },
    'a1! a2 b3 b4',
    '+a1 a1! Failed HEALTH_CONSTRAINTS',
  ],
  [{ minimumHealthyHosts: all, zonal: halfOfZone }, 'a1 b2', 'Failed HEALTH_CONSTRAINTS_INVALID'],
  [
    { minimumHealthyHosts: half, zonal: halfOfZone },
    'a1 a2 a3 a4 b5 b6',
    '+a1 +a2 a1 +a3 a2 +a4 a3 a4 . +b5 b5 +b6 b6 Succeeded',
  ],
]

for (const [rollout, text, expected] of table) {
  test(`${JSON.stringify(rollout)} [${text}]: ${expected}`, () => {
    assert.equal(script(rollout, text), expected)
  })
}

test('a preview names the waves and the arithmetic, and touches nothing', () => {
  const rollout = { minimumHealthyHosts: half, zonal: anyInZone, isStopping: false }
  const preview = previewDeployment(rollout, fleet('a1 a2 b3 b4 c5').targets)
  assert.match(preview.minimum, /at least 3 of 5 hosts must stay healthy \(FLEET_PERCENT 50\)/)
  assert.deepEqual(preview.waves, [
    { hosts: ['a1', 'a2'], zones: ['a'] },
    { hosts: ['b3', 'b4'], zones: ['b'] },
    { hosts: ['c5'], zones: ['c'] },
  ])
  assert.equal(preview.end.status, 'Succeeded')
})

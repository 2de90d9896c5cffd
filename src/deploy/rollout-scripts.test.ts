import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeploymentTarget } from './deployment-target.ts'
import type { MinimumHealthyHosts } from './domain/minimum-healthy.ts'
import { planDeployment, type Rollout } from './plan-deployment.ts'
import { previewDeployment } from './preview-deployment.ts'

type Ruled = Omit<Rollout, 'isStopping'>

/** `one`, `half` and `all` are the built-in configurations; `6` is a count, `85%` a share; ` by zone` watches the first for 2 s, others for 1 s. */
function rolloutOf(text: string): Ruled {
  const [minimum = '', perZone] = text.split(' by zone')
  const minimumHealthyHosts = minimumOf(minimum)
  if (perZone === undefined) return { minimumHealthyHosts }
  const minimumHealthyHostsPerZone = minimumOf(perZone.trim() || '0%')
  const zonal = { firstZoneMonitorSeconds: 2, monitorSeconds: 1, minimumHealthyHostsPerZone }
  return { minimumHealthyHosts, zonal }
}

function minimumOf(text: string): MinimumHealthyHosts {
  if (text === 'one') return { type: 'MOST_CONCURRENCY', value: 1 }
  if (text === 'half') return { type: 'FLEET_PERCENT', value: 50 }
  if (text === 'all') return { type: 'HOST_COUNT', value: 0 }
  const value = Number.parseInt(text, 10)
  return { type: text.endsWith('%') ? 'FLEET_PERCENT' : 'HOST_COUNT', value }
}

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
function script(rollout: Ruled, text: string): string {
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

/** Configuration | fleet | what happens: each row a deployment. The examples of AWS's guide come first. */
const table = `
nine and ten hosts, as in the guide
  half             | a1 a2 a3 a4 a5 a6 a7 a8 a9 | +a1 +a2 +a3 +a4 a1 +a5 a2 +a6 a3 +a7 a4 +a8 a5 +a9 a6 a7 a8 a9 Succeeded
  40%              | a1 a2 a3 a4 a5 a6 a7 a8 a9 | +a1 +a2 +a3 +a4 +a5 a1 +a6 a2 +a7 a3 +a8 a4 +a9 a5 a6 a7 a8 a9 Succeeded
  6                | a1 a2 a3 a4 a5 a6 a7 a8 a9 | +a1 +a2 +a3 a1 +a4 a2 +a5 a3 +a6 a4 +a7 a5 +a8 a6 +a9 a7 a8 a9 Succeeded
  85%              | a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 | +a1 a1 +a2 a2 +a3 a3 +a4 a4 +a5 a5 +a6 a6 +a7 a7 +a8 a8 +a9 a9 +b0 b0 Succeeded
  95%              | a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 | Failed HEALTH_CONSTRAINTS_INVALID
  9                | a1 a2! a3 a4 a5 a6 a7 a8 a9 b0 | +a1 a1 +a2 a2! Failed HEALTH_CONSTRAINTS
  9                | a1 a2 a3 a4 a5 a6 a7 a8 a9 b0! | +a1 a1 +a2 a2 +a3 a3 +a4 a4 +a5 a5 +a6 a6 +a7 a7 +a8 a8 +a9 a9 +b0 b0! Succeeded
  8                | a1! a2 a3! a4 a5 a6 a7 a8 a9 b0 | +a1 +a2 a1! a2 +a3 a3! Failed HEALTH_CONSTRAINTS
  8                | a1! a2 a3 a4 a5 a6 a7 a8 a9 b0! | +a1 +a2 a1! a2 +a3 a3 +a4 a4 +a5 a5 +a6 a6 +a7 a7 +a8 a8 +a9 a9 +b0 b0! Succeeded
  8                | a1! a2! a3 a4 a5 a6 a7 a8 a9 b0 | +a1 +a2 a1! a2! Failed HEALTH_CONSTRAINTS
one at a time
  one              | a1 | +a1 a1 Succeeded
  one              | a1! | +a1 a1! Failed HEALTH_CONSTRAINTS
  one              | a1 a2 a3 | +a1 a1 +a2 a2 +a3 a3 Succeeded
  one              | a1! a2 a3 | +a1 a1! Failed HEALTH_CONSTRAINTS
  one              | a1 a2! a3 | +a1 a1 +a2 a2! Failed HEALTH_CONSTRAINTS
  one              | a1 a2 a3! | +a1 a1 +a2 a2 +a3 a3! Succeeded
  one              | a1~ a2 a3 | +a1 a1 +a2 a2 +a3 a3 Succeeded
  one              | a1 a2~ a3 | +a2 a2 +a1 a1 +a3 a3 Succeeded
  one              | a1~! a2 a3 | +a1 a1! Failed HEALTH_CONSTRAINTS
  one              | a1~ a2~ a3 | +a1 a1 +a2 a2 +a3 a3 Succeeded
  one              | a1= a2 a3 | +a2 a2 +a3 a3 +a1 a1 Succeeded
  one              | a1= a2= a3= | +a1 a1 +a2 a2 +a3 a3 Succeeded
  one              | a1! a2! | +a1 a1! Failed HEALTH_CONSTRAINTS
half at a time
  half             | a1 | Failed HEALTH_CONSTRAINTS_INVALID
  half             | a1 a2 | +a1 a1 +a2 a2 Succeeded
  half             | a1! a2 | +a1 a1! Failed HEALTH_CONSTRAINTS
  half             | a1 a2! | +a1 a1 +a2 a2! Succeeded
  half             | a1 a2 a3 a4 | +a1 +a2 a1 +a3 a2 +a4 a3 a4 Succeeded
  half             | a1! a2 a3 a4 | +a1 +a2 a1! a2 +a3 a3 +a4 a4 Succeeded
  half             | a1! a2! a3 a4 | +a1 +a2 a1! a2! Failed HEALTH_CONSTRAINTS
  half             | a1 a2 a3! a4! | +a1 +a2 a1 +a3 a2 +a4 a3! a4! Succeeded
  half             | a1 a2 a3 | +a1 a1 +a2 a2 +a3 a3 Succeeded
  half             | a1! a2 a3 | +a1 a1! Failed HEALTH_CONSTRAINTS
  half             | a1~ a2~ a3 a4 | +a1 +a2 a1 +a3 a2 +a4 a3 a4 Succeeded
  half             | a1~! a2~! a3 a4 | +a1 +a2 a1! a2! Failed HEALTH_CONSTRAINTS
  half             | a1~ a2~ a3~ a4~ | +a1 +a2 a1 +a3 a2 +a4 a3 a4 Succeeded
  half             | a1= a2= a3 a4~ | +a4 +a3 a4 +a1 a3 +a2 a1 a2 Succeeded
all at once
  all              | a1 a2 a3 | +a1 +a2 +a3 a1 a2 a3 Succeeded
  all              | a1! a2 a3 | +a1 +a2 +a3 a1! a2 a3 Succeeded
  all              | a1! a2! a3! | +a1 +a2 +a3 a1! a2! a3! Failed HEALTH_CONSTRAINTS
  all              | a1! a2! a3 | +a1 +a2 +a3 a1! a2! a3 Succeeded
  all              | a1= a2 a3~ | +a3 +a2 +a1 a3 a2 a1 Succeeded
counts and shares
  1                | a1 a2 a3 | +a1 +a2 a1 +a3 a2 a3 Succeeded
  2                | a1 a2 | Failed HEALTH_CONSTRAINTS_INVALID
  2                | a1 a2 a3 | +a1 a1 +a2 a2 +a3 a3 Succeeded
  99%              | a1 a2 a3 | Failed HEALTH_CONSTRAINTS_INVALID
  66%              | a1 a2 a3 | +a1 a1 +a2 a2 +a3 a3 Succeeded
  34%              | a1 a2 a3 | +a1 a1 +a2 a2 +a3 a3 Succeeded
  95%              | a1 a2 a3 a4 | Failed HEALTH_CONSTRAINTS_INVALID
  99%              | a1 | Failed HEALTH_CONSTRAINTS_INVALID
  0                | a1! | +a1 a1! Failed HEALTH_CONSTRAINTS
  1                | a1 a2! | +a1 a1 +a2 a2! Succeeded
  1                | a1! a2 | +a1 a1! Failed HEALTH_CONSTRAINTS
  1                | a1! a2 a3 | +a1 +a2 a1! a2 +a3 a3 Succeeded
  3                | a1 a2 a3 | Failed HEALTH_CONSTRAINTS_INVALID
  4                | a1 a2 a3 | Failed HEALTH_CONSTRAINTS_INVALID
  2                | a1~ a2~ a3~ a4 | +a1 +a2 a1 +a3 a2 +a4 a3 a4 Succeeded
  75%              | a1 a2 a3 a4 | +a1 a1 +a2 a2 +a3 a3 +a4 a4 Succeeded
  75%              | a1 a2 a3 a4! | +a1 a1 +a2 a2 +a3 a3 +a4 a4! Succeeded
  25%              | a1 a2 a3 a4 | +a1 +a2 +a3 a1 +a4 a2 a3 a4 Succeeded
  25%              | a1! a2! a3 a4 | +a1 +a2 +a3 a1! a2! a3 +a4 a4 Succeeded
  25%              | a1! a2! a3! a4 | +a1 +a2 +a3 a1! a2! a3! Failed HEALTH_CONSTRAINTS
  33%              | a1 a2 a3 | +a1 +a2 a1 +a3 a2 a3 Succeeded
zone by zone
  one by zone      | a1 b2 c3 | +a1 a1 . +b2 b2 . +c3 c3 Succeeded
  all by zone      | a1 a2 b3 | +a1 +a2 a1 a2 . +b3 b3 Succeeded
  all by zone      | b1 a2 | +a2 a2 . +b1 b1 Succeeded
  all by zone      | a1! a2 b3 | +a1 +a2 a1! a2 . +b3 b3 Succeeded
  all by zone      | a1! b2 | +a1 a1! . +b2 b2 Succeeded
  one by zone      | a1! b2 c3 | +a1 a1! . Failed HEALTH_CONSTRAINTS
  all by zone half | a1 a2 b3 b4 | +a1 a1 +a2 a2 . +b3 b3 +b4 b4 Succeeded
  all by zone half | a1! a2 b3 b4 | +a1 a1! Failed HEALTH_CONSTRAINTS
  all by zone half | a1 b2 | Failed HEALTH_CONSTRAINTS_INVALID
  half by zone half | a1 a2 a3 a4 b5 b6 | +a1 +a2 a1 +a3 a2 +a4 a3 a4 . +b5 b5 +b6 b6 Succeeded
  one by zone      | c1 b1 a1 | +a1 a1 . +b1 b1 . +c1 c1 Succeeded
  one by zone      | a1 a2 b1! | +a1 a1 +a2 a2 . +b1 b1! Succeeded
  all by zone      | a1 a2! b1! b2 | +a1 +a2 a1 a2! . +b1 +b2 b1! b2 Succeeded
  half by zone     | a1 b1 c1 | +a1 a1 . +b1 b1 . +c1 c1 Succeeded
  half by zone     | a1! b1 c1 c2 | +a1 a1! . +b1 b1 . +c1 c1 +c2 c2 Succeeded
  half by zone     | a1 a2 b1! b2! c1 | +a1 +a2 a1 a2 . +b1 +b2 b1! b2! . Failed HEALTH_CONSTRAINTS
  all by zone half | a1 a2! b1 b2 | +a1 a1 +a2 a2! . +b1 b1 +b2 b2 Succeeded
  all by zone half | a1 a2 b1! b2 | +a1 a1 +a2 a2 . +b1 b1! Failed HEALTH_CONSTRAINTS
  all by zone 1    | a1 a2 b1 b2 b3 | +a1 a1 +a2 a2 . +b1 +b2 b1 +b3 b2 b3 Succeeded
  all by zone 1    | a1 b1 b2 | Failed HEALTH_CONSTRAINTS_INVALID
  1 by zone        | a1~ a2 b1 | +a1 +a2 a1 a2 . +b1 b1 Succeeded
`

const rows = table
  .trim()
  .split('\n')
  .filter((line) => line.includes('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()))

test('the table is whole', () => assert.ok(rows.length >= 60))

for (const [rollout = '', text = '', expected = ''] of rows) {
  test(`${rollout} [${text}]: ${expected}`, () => {
    assert.equal(script(rolloutOf(rollout), text), expected)
  })
}

test('a preview names the waves and the arithmetic, and touches nothing', () => {
  const rollout = { ...rolloutOf('half by zone'), isStopping: false }
  const preview = previewDeployment(rollout, fleet('a1 a2 b3 b4 c5').targets)
  assert.match(preview.minimum, /at least 3 of 5 hosts must stay healthy \(FLEET_PERCENT 50\)/)
  assert.deepEqual(preview.waves, [
    { hosts: ['a1', 'a2'], zones: ['a'] },
    { hosts: ['b3', 'b4'], zones: ['b'] },
    { hosts: ['c5'], zones: ['c'] },
  ])
  assert.equal(preview.end.status, 'Succeeded')
})

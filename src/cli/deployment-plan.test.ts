import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planLines } from './deployment-plan.ts'

const plan = {
  config: 'CodeDeployDefault.HalfAtATime',
  minimum: 'at least 2 of 4 hosts must stay healthy (FLEET_PERCENT 50)',
  events: ['BlockTraffic', 'Install', 'AllowTraffic'],
  end: { status: 'Succeeded' },
}

test('a plan says the arithmetic, the order of hosts, and that nothing was touched', () => {
  const waves = [
    { hosts: ['i-1', 'i-2'], zones: ['us-east-1a'] },
    { hosts: ['i-3', 'i-4'], zones: ['us-east-1a', 'us-east-1b'] },
  ]
  assert.deepEqual(planLines({ ...plan, waves }), [
    'CodeDeployDefault.HalfAtATime: at least 2 of 4 hosts must stay healthy (FLEET_PERCENT 50), so 2 begin at a time',
    '      1-2  i-1 i-2  us-east-1a',
    '      3-4  i-3 i-4  us-east-1a us-east-1b',
    'each begins as soon as one before it has ended well',
    'each host: BlockTraffic, Install, AllowTraffic',
    '4 hosts; nothing was touched',
  ])
})

test('a plan that would fail says why', () => {
  const end = { status: 'Failed', error: { message: 'the minimum leaves no host' } }
  assert.equal(
    planLines({ ...plan, waves: [], end }).at(-1),
    'it would fail: the minimum leaves no host',
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployScope, deployWorld } from '../testing/deploy-world.ts'
import {
  onPremisesIdentities,
  onPremisesInstances,
  type OnPremisesInstance,
} from './on-premises.ts'
import { registrations } from './register-on-premises.ts'

function server(instanceName: string, user = instanceName): OnPremisesInstance {
  return {
    instanceName,
    instanceArn: `arn:aws:codedeploy:us-east-1:0:instance/${instanceName}_1`,
    identity: { kind: 'user', arn: `arn:aws:iam::000000000000:user/${user}` },
    registerTime: 1,
    tags: [],
  }
}

test('of servers that register at once, each name and each ARN goes to one', async () => {
  const { store } = await deployWorld({ hosts: 1 })
  const register = registrations(store)
  const asked = [server('a'), server('a', 'b'), server('b'), server('c', 'a')]
  const others = Array.from({ length: 250 }, (_, n) => server(`rack-${n}`))
  const outcomes = await Promise.all(
    [...asked, ...others].map((instance) => register(deployScope, instance)),
  )
  assert.deepEqual(outcomes.slice(0, 4), [
    'registered',
    'name-taken',
    'registered',
    'identity-taken',
  ])
  assert.ok(outcomes.slice(4).every((outcome) => outcome === 'registered'))
  assert.equal((await store.list(onPremisesInstances, deployScope)).length, 252)
  assert.equal((await store.list(onPremisesIdentities, deployScope)).length, 252)
  assert.equal(await register(deployScope, server('rack-7', 'x')), 'name-taken')
})

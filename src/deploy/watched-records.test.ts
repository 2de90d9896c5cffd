import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builtInConfigs } from './deployment-config.ts'
import { deployWorld } from '../testing/deploy-world.ts'

const allAtOnce = builtInConfigs.find((config) => config.deploymentConfigName.endsWith('AllAtOnce'))

test('a server that was too busy to listen does not take agents for dead', async () => {
  const world = await deployWorld({ hosts: 1 })
  world.answers.set('i-1', undefined)
  const id = await world.begin()
  await world.run(2)
  await world.clock.advance(120_000)
  await world.run(2)
  assert.equal((await world.deployment(id)).status, 'InProgress')
  await world.run(70)
  assert.match(
    (await world.deployment(id)).errorInformation?.message ?? '',
    /the agent of i-1 has not asked for work/,
  )
})

test('a fleet above one transaction ends whole, also when its server dies in between', async () => {
  const hosts = 5
  const limits = { hostsOfTransaction: 2 }
  const world = await deployWorld({ hosts, config: allAtOnce!, limits })
  const id = await world.begin()
  for (let round = 0; round < 100 && !(await world.isIdle()); round++) {
    await world.run(1)
    world.restart()
  }
  const deployment = await world.deployment(id)
  assert.equal(deployment.status, 'Succeeded')
  assert.equal(deployment.ending, undefined)
  assert.equal(deployment.overview.Succeeded, hosts)
  assert.equal(world.ran.length, hosts * 7)
  for (const name of ['deploy/host-command', 'deploy/host-turn', 'deploy/active']) {
    assert.deepEqual(await world.store.listAll({ name }), [], name)
  }
})

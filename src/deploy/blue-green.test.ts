import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployScope, deployWorld, type DeployWorldOfTests } from '../testing/deploy-world.ts'
import type { BlueGreenSettings } from './blue-green.ts'
import { builtInConfigs } from './deployment-config.ts'
import { deploymentGroups, groupKey, type DeploymentGroup } from './deployment-group.ts'
import type { DeploymentTarget } from './deployment-target.ts'
import type { StartRequest } from './start-deployment.ts'

const installEvents = [
  'ApplicationStop',
  'DownloadBundle',
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'ApplicationStart',
  'ValidateService',
]
const allow = ['BeforeAllowTraffic', 'AllowTraffic', 'AfterAllowTraffic']
const block = ['BeforeBlockTraffic', 'BlockTraffic', 'AfterBlockTraffic']
const onFailure = { enabled: true, events: ['DEPLOYMENT_FAILURE'] } as const
const green = {
  ec2TagFilters: [{ Key: 'env', Value: 'green', Type: 'KEY_AND_VALUE' }],
  ec2TagSet: [],
  autoScalingGroups: [],
} as const

async function blueGreenWorld(
  settings: Partial<BlueGreenSettings> = {},
  group: Partial<DeploymentGroup> = {},
): Promise<DeployWorldOfTests> {
  const blueGreen: BlueGreenSettings = {
    greenFleet: 'DISCOVER_EXISTING',
    readyAction: 'CONTINUE_DEPLOYMENT',
    readyWaitMinutes: 0,
    blueAction: 'TERMINATE',
    terminationWaitMinutes: 0,
    ...settings,
  }
  const world = await deployWorld({
    hosts: 3,
    withTrafficControl: true,
    group: { ...group, blueGreen },
  })
  if (blueGreen.greenFleet === 'COPY_AUTO_SCALING_GROUP') return world
  for (const id of ['i-g1', 'i-g2', 'i-g3']) {
    const tags = [{ Key: 'env', Value: 'green' }]
    await world.addInstance(id, { group: 'nobody', tags, serves: false })
  }
  return world
}

function begin(world: DeployWorldOfTests, change: Partial<StartRequest> = {}): Promise<string> {
  return world.begin({ green, ...change })
}

async function groupOf(world: DeployWorldOfTests): Promise<DeploymentGroup | undefined> {
  const id = groupKey('app', 'web')
  return (await world.store.find(deploymentGroups, deployScope, id))?.value
}

const serving = (world: DeployWorldOfTests): string[] => [...world.targets.keys()].toSorted()

const ended = (target: DeploymentTarget, name: string): number =>
  target.events.find((event) => event.name === name)?.endTime ?? Number.NaN

const started = (target: DeploymentTarget, name: string): number =>
  target.events.find((event) => event.name === name)?.startTime ?? Number.NaN

test('DISCOVER_EXISTING: green is installed, takes the traffic, then blue leaves it and ends', async () => {
  const world = await blueGreenWorld()
  const id = await begin(world)
  await world.run()
  const deployment = await world.deployment(id)
  assert.equal(deployment.status, 'Succeeded')
  assert.equal(deployment.overview.Succeeded, 6)
  assert.equal(world.underWayMax(), 3, 'green one at a time; blue leaves together')
  const targets = await world.targetsOf(id)
  const greens = targets.filter((target) => target.label === 'Green')
  const blues = targets.filter((target) => target.label === 'Blue')
  assert.deepEqual(
    [greens, blues].map((of) => of.map((target) => target.targetId)),
    [
      ['i-g1', 'i-g2', 'i-g3'],
      ['i-1', 'i-2', 'i-3'],
    ],
  )
  for (const target of targets) {
    const names = target.label === 'Green' ? [...installEvents, ...allow] : block
    assert.deepEqual(
      target.events.map((event) => event.name),
      names,
    )
    assert.ok(target.events.every((event) => event.status === 'Succeeded'))
  }
  const validated = Math.max(...greens.map((target) => ended(target, 'ValidateService')))
  const allowing = Math.min(...greens.map((target) => started(target, 'BeforeAllowTraffic')))
  const allowed = Math.max(...greens.map((target) => ended(target, 'AfterAllowTraffic')))
  const blocking = Math.min(...blues.map((target) => started(target, 'BeforeBlockTraffic')))
  assert.ok(validated <= allowing, 'no traffic before every host is installed')
  assert.ok(allowed <= blocking, 'blue serves until all of green does')
  assert.deepEqual(serving(world), ['i-g1', 'i-g2', 'i-g3'])
  assert.deepEqual((await groupOf(world))?.selection, green)
  assert.equal(world.fleets.has('asg'), false, 'the original group is gone')
})

test('KEEP_ALIVE: the original environment stays, without traffic', async () => {
  const world = await blueGreenWorld({ blueAction: 'KEEP_ALIVE' })
  const id = await begin(world)
  await world.run()
  assert.equal((await world.deployment(id)).status, 'Succeeded')
  assert.deepEqual(serving(world), ['i-g1', 'i-g2', 'i-g3'])
  assert.equal(world.fleets.has('asg'), true)
  assert.deepEqual((await groupOf(world))?.selection, green)
})

test('COPY_AUTO_SCALING_GROUP: a copy with as many instances replaces the group', async () => {
  const world = await blueGreenWorld({ greenFleet: 'COPY_AUTO_SCALING_GROUP' })
  const id = await world.begin()
  await world.run()
  const copy = `CodeDeploy_web_${id}`
  const deployment = await world.deployment(id)
  assert.equal(deployment.status, 'Succeeded')
  assert.deepEqual([...world.fleets.keys()], [copy])
  assert.equal(world.fleets.get(copy)?.targetGroupArns.length, 1, 'it has taken the balancer over')
  assert.deepEqual(serving(world), [`${copy}-1`, `${copy}-2`, `${copy}-3`])
  assert.deepEqual((await groupOf(world))?.selection.autoScalingGroups, [copy])
})

test('the ready wait: Ready until it is continued, Stopped when nobody does', async () => {
  const world = await blueGreenWorld({ readyAction: 'STOP_DEPLOYMENT', readyWaitMinutes: 10 })
  const id = await begin(world)
  assert.equal(await world.deploy.continue(deployScope, id, 'READY_WAIT'), 'not-ready')
  await world.run(100)
  const waiting = await world.deployment(id)
  assert.equal(waiting.status, 'Ready')
  assert.equal(waiting.overview.Ready, 3)
  assert.deepEqual(serving(world), ['i-1', 'i-2', 'i-3'])
  assert.equal(await world.deploy.continue(deployScope, id, 'TERMINATION_WAIT'), 'not-ready')
  assert.equal(await world.deploy.continue(deployScope, id, 'READY_WAIT'), 'continued')
  await world.run()
  assert.equal((await world.deployment(id)).status, 'Succeeded')
  assert.equal(await world.deploy.continue(deployScope, id, 'READY_WAIT'), 'finished')
})

test('a ready wait that runs out stops the deployment; the original environment serves', async () => {
  const world = await blueGreenWorld({ readyAction: 'STOP_DEPLOYMENT', readyWaitMinutes: 10 })
  const id = await begin(world)
  await world.run()
  const deployment = await world.deployment(id)
  assert.equal(deployment.status, 'Stopped')
  assert.match(deployment.errorInformation?.message ?? '', /nobody continued the deployment/)
  assert.deepEqual(serving(world), ['i-1', 'i-2', 'i-3'])
  assert.deepEqual((await groupOf(world))?.selection.autoScalingGroups, ['asg'])
})

test('the termination wait can be cut short; the group is at green already', async () => {
  const world = await blueGreenWorld({ terminationWaitMinutes: 60 })
  const id = await begin(world)
  await world.run(200)
  const waiting = await world.deployment(id)
  assert.equal(waiting.status, 'Ready')
  assert.equal(waiting.blueGreen?.phase, 'terminationWait')
  assert.deepEqual((await groupOf(world))?.selection, green)
  assert.equal(await world.deploy.continue(deployScope, id, 'TERMINATION_WAIT'), 'continued')
  await world.run()
  assert.equal((await world.deployment(id)).status, 'Succeeded')
  assert.equal(world.fleets.has('asg'), false)
})

test('a failure before traffic moved ends it; there is nothing to roll back', async () => {
  const world = await blueGreenWorld({}, { autoRollback: onFailure })
  world.answers.set('i-g1 ValidateService', 'fail')
  const id = await begin(world)
  await world.run()
  const deployment = await world.deployment(id)
  assert.equal(deployment.status, 'Failed')
  assert.match(deployment.rollback?.rollbackMessage ?? '', /no traffic had been rerouted/)
  assert.equal(deployment.rollback?.rollbackDeploymentId, undefined)
  assert.deepEqual(serving(world), ['i-1', 'i-2', 'i-3'])
})

test('a failure while blue leaves gives it the traffic back, and takes it from green', async () => {
  const world = await blueGreenWorld({}, { autoRollback: onFailure })
  world.answers.set('i-2 AfterBlockTraffic', 'fail')
  const id = await begin(world)
  await world.run()
  const failed = await world.deployment(id)
  assert.equal(failed.status, 'Failed')
  assert.match(failed.errorInformation?.message ?? '', /i-2 failed in AfterBlockTraffic/)
  const backId = failed.rollback?.rollbackDeploymentId ?? ''
  const back = await world.deployment(backId)
  assert.equal(back.status, 'Succeeded')
  assert.equal(back.creator, 'codeDeployRollback')
  for (const target of await world.targetsOf(backId)) {
    assert.deepEqual(
      target.events.map((event) => event.name),
      target.label === 'Blue' ? allow : block,
    )
  }
  assert.deepEqual(serving(world), ['i-1', 'i-2', 'i-3'])
  const group = await groupOf(world)
  assert.deepEqual(group?.selection.autoScalingGroups, ['asg'])
  assert.equal(group?.lastGood, undefined, 'the way back deploys nothing')
})

test('stopped in the termination wait with a rollback, everything is as before', async () => {
  const world = await blueGreenWorld({
    greenFleet: 'COPY_AUTO_SCALING_GROUP',
    terminationWaitMinutes: 60,
  })
  const id = await world.begin()
  await world.run(200)
  assert.equal(await world.deploy.stop(deployScope, id, true), 'pending')
  await world.run()
  const stopped = await world.deployment(id)
  assert.equal(stopped.status, 'Stopped')
  const back = await world.deployment(stopped.rollback?.rollbackDeploymentId ?? '')
  assert.equal(back.status, 'Succeeded')
  assert.deepEqual(serving(world), ['i-1', 'i-2', 'i-3'])
  assert.deepEqual((await groupOf(world))?.selection.autoScalingGroups, ['asg'])
  assert.equal(world.fleets.get('asg')?.targetGroupArns.length, 1)
  assert.equal(world.fleets.get(`CodeDeploy_web_${id}`)?.targetGroupArns.length, 0)
})

test('a blue host that is lost does not hold the deployment up; a green one counts as failed', async () => {
  const world = await blueGreenWorld()
  const id = await begin(world)
  await world.run(3)
  await world.loseInstance('i-2')
  await world.run()
  assert.equal((await world.deployment(id)).status, 'Succeeded')
  const statuses = (await world.targetsOf(id)).map(
    (target) => `${target.targetId} ${target.status}`,
  )
  assert.ok(statuses.includes('i-2 Skipped'))

  const other = await blueGreenWorld()
  const second = await begin(other)
  await other.run(3)
  await other.loseInstance('i-g1')
  await other.run()
  assert.equal((await other.deployment(second)).errorInformation?.code, 'HEALTH_CONSTRAINTS')
})

test('a replacement without hosts fails by name', async () => {
  const world = await blueGreenWorld()
  const nowhere = { ...green, ec2TagFilters: [{ Key: 'none', Type: 'KEY_ONLY' }] } as const
  const id = await begin(world, { green: nowhere })
  await world.run()
  assert.equal((await world.deployment(id)).errorInformation?.code, 'NO_INSTANCES')
})

test('instances launched meanwhile: the original environment heals, the new one gets the new revision', async () => {
  const world = await blueGreenWorld({
    greenFleet: 'COPY_AUTO_SCALING_GROUP',
    readyAction: 'STOP_DEPLOYMENT',
    readyWaitMinutes: 60,
    terminationWaitMinutes: 60,
  })
  const launch = (group: string, id: string): Promise<string> =>
    world.subscriber().onLaunch(deployScope, group, id)
  const first = await world.begin()
  const copy = `CodeDeploy_web_${first}`
  assert.equal(await launch(copy, `${copy}-1`), 'continue', 'the deployment will come to it')
  await world.run(60)
  assert.equal((await world.deployment(first)).status, 'Ready')
  assert.equal(await launch('asg', 'i-4'), 'continue', 'no good revision yet')
  assert.equal(await launch(copy, 'i-g9'), 'wait')
  await world.addInstance('i-4')
  await world.deploy.continue(deployScope, first, 'READY_WAIT')
  await world.run(60)
  assert.equal((await world.deployment(first)).blueGreen?.phase, 'terminationWait')
  const blues = (await world.targetsOf(first)).filter((target) => target.label === 'Blue')
  assert.equal(blues.length, 4, 'the late one has left with the others')
  await world.addInstance('i-g9', { group: copy, serves: false })
  assert.equal(await launch(copy, 'i-g9'), 'wait')
  await world.run(60)
  assert.ok(world.ran.includes('i-g9 ValidateService'))
  assert.equal(await launch(copy, 'i-g9'), 'continue')
})

test('a launch that fails after its instance joined a target group leaves nothing in it', async () => {
  const world = await deployWorld({ hosts: 1, withTrafficControl: true })
  await world.begin()
  await world.run()
  world.answers.set('i-2 AfterAllowTraffic', 'fail')
  await world.addInstance('i-2', { serves: false })
  await world.subscriber().onLaunch(deployScope, 'asg', 'i-2')
  await world.run()
  assert.equal(await world.subscriber().onLaunch(deployScope, 'asg', 'i-2'), 'abandon')
  await world.run(2)
  assert.equal(world.targets.get('i-2')?.state ?? 'draining', 'draining')
})

test('a preview says what would be done, and does nothing', async () => {
  const world = await blueGreenWorld()
  const [, , config] = builtInConfigs
  const group = await groupOf(world)
  assert.ok(config && group)
  const revision = { bucket: 'b', key: 'v1.zip', bundleType: 'zip' } as const
  const request = { group, config, revision, green, creator: 'user' } as const
  const preview = await world.deploy.preview(deployScope, request)
  assert.ok('waves' in preview)
  assert.deepEqual(
    preview.waves.map((wave) => wave.hosts),
    [['i-g1'], ['i-g2'], ['i-g3']],
  )
  assert.equal(await world.isIdle(), true)
})

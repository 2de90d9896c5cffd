import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployScope, deployWorld, goodAppspec } from '../testing/deploy-world.ts'
import type { LaunchSubscriber } from '../scale/groups.ts'
import { failedEvent } from './deployment-target.ts'
import { builtInConfigs } from './deployment-config.ts'
import { deploymentGroups, groupKey, hostStates } from './deployment-group.ts'
import { eventNames } from './domain/lifecycle-events.ts'
import { deployments } from './deployment.ts'
import { describeLocation } from './revision.ts'

const [allAtOnce] = builtInConfigs
const onFailure = { enabled: true, events: ['DEPLOYMENT_FAILURE'] } as const

test('three hosts, one at a time with traffic control: thirteen events each, in order', async () => {
  const world = await deployWorld({ hosts: 3, withTrafficControl: true })
  const id = await world.begin()
  await world.run()
  const deployment = await world.deployment(id)
  assert.equal(deployment.status, 'Succeeded')
  assert.equal(deployment.overview.Succeeded, 3)
  assert.equal(world.underWayMax(), 1)
  const targets = await world.targetsOf(id)
  for (const target of targets) {
    assert.deepEqual(
      target.events.map((event) => event.name),
      eventNames(true),
    )
    assert.equal(target.events.length, 13)
    let before = 0
    for (const event of target.events) {
      assert.equal(event.status, 'Succeeded')
      assert.ok(before <= (event.startTime ?? 0), `${event.name} began before its turn`)
      assert.ok((event.startTime ?? 0) <= (event.endTime ?? 0))
      before = event.endTime ?? 0
    }
  }
  assert.equal(world.ran.length, 33, 'agents never see BlockTraffic and AllowTraffic')
  assert.ok([...world.targets.values()].every((view) => view.state === 'healthy'))
})

test('without a balancer there are seven events', async () => {
  const world = await deployWorld({ hosts: 1 })
  const id = await world.begin()
  await world.run()
  assert.equal((await world.deployment(id)).status, 'Succeeded')
  assert.equal(world.ran.length, 7)
})

test('the first of three failing one at a time ends the deployment and says why', async () => {
  const world = await deployWorld({ hosts: 3 })
  world.answers.set('i-1 ValidateService', 'fail')
  const id = await world.begin()
  await world.run()
  const deployment = await world.deployment(id)
  assert.equal(deployment.status, 'Failed')
  assert.equal(deployment.errorInformation?.code, 'HEALTH_CONSTRAINTS')
  const message = deployment.errorInformation?.message ?? ''
  assert.match(message, /^The overall deployment failed because too many individual instances/)
  assert.match(message, /at least 2 of 3 hosts must stay healthy/)
  assert.match(message, /i-1 failed in ValidateService: scripts\/check.sh: .*exit code 1/)
  assert.match(message, /no answer on port 80/)
  assert.deepEqual(
    (await world.targetsOf(id)).map((target) => target.status),
    ['Failed', 'Skipped', 'Skipped'],
  )
})

test('the last of three failing leaves the deployment good', async () => {
  const world = await deployWorld({ hosts: 3 })
  world.answers.set('i-3 Install', 'fail')
  const id = await world.begin()
  await world.run()
  assert.equal((await world.deployment(id)).status, 'Succeeded')
  const events = (await world.targetsOf(id))[2]?.events ?? []
  const later = events.filter((event) => event.status === 'Skipped')
  assert.equal(later.length, 3)
  assert.ok(later.every((event) => event.startTime === undefined && event.endTime !== undefined))
})

test('a failure rolls back by a new deployment of the last good revision', async () => {
  const world = await deployWorld({ hosts: 3, group: { autoRollback: onFailure } })
  const first = await world.begin()
  await world.run()
  world.appspecs.set('v2.zip', goodAppspec)
  world.answers.set('i-1 ValidateService', 'fail')
  const revision = { bucket: 'b', key: 'v2.zip', bundleType: 'zip' } as const
  const second = await world.begin({ revision })
  await world.run(9)
  world.answers.clear()
  await world.run()
  const failed = await world.deployment(second)
  assert.equal(failed.status, 'Failed')
  const rollback = await world.deployment(failed.rollback?.rollbackDeploymentId ?? '')
  assert.equal(rollback.status, 'Succeeded')
  assert.equal(rollback.creator, 'codeDeployRollback')
  assert.equal(describeLocation(rollback.revision), 's3://b/v1.zip')
  assert.equal(rollback.rollback?.rollbackTriggeringDeploymentId, second)
  assert.match(rollback.rollback?.rollbackMessage ?? '', new RegExp(first))
  assert.equal(rollback.overview.Succeeded, 3)
})

test('a rollback that fails does not roll back; neither does a first deployment', async () => {
  const world = await deployWorld({ hosts: 2, group: { autoRollback: onFailure } })
  world.answers.set('i-1 Install', 'fail')
  const id = await world.begin()
  await world.run()
  const failed = await world.deployment(id)
  assert.equal(failed.rollback?.rollbackDeploymentId, undefined)
  assert.match(failed.rollback?.rollbackMessage ?? '', /no earlier successful deployment/)
})

test('one deployment of a group is active at a time', async () => {
  const world = await deployWorld({ hosts: 1 })
  const id = await world.begin()
  await assert.rejects(world.begin(), new RegExp(`${id} is active`))
  await world.run()
  await world.begin()
})

test('no instances, no revision, no valid revision: each fails at once by name', async () => {
  const world = await deployWorld({ hosts: 0 })
  const codeOf = async (change: Parameters<typeof world.begin>[0]): Promise<unknown> => {
    const id = await world.begin(change)
    await world.run()
    return (await world.deployment(id)).errorInformation?.code
  }
  world.appspecs.set('bad.zip', 'version: 7\nos: linux')
  const revision = { bucket: 'b', bundleType: 'zip' } as const
  assert.equal(await codeOf({}), 'NO_INSTANCES')
  assert.equal(await codeOf({ revision: { ...revision, key: 'none.zip' } }), 'REVISION_MISSING')
  assert.equal(await codeOf({ revision: { ...revision, key: 'bad.zip' } }), 'INVALID_REVISION')
  assert.equal(
    await codeOf({ revision: { ...revision, key: 'v1.zip', eTag: 'other' } }),
    'REVISION_MISSING',
  )
})

test('all at once needs one success', async () => {
  const world = await deployWorld({ hosts: 2, config: allAtOnce! })
  world.answers.set('i-1 Install', 'fail')
  const one = await world.begin()
  await world.run()
  assert.equal((await world.deployment(one)).status, 'Succeeded')
  assert.equal(world.underWayMax(), 2)
  world.answers.set('i-2 Install', 'fail')
  const none = await world.begin()
  await world.run()
  assert.equal((await world.deployment(none)).errorInformation?.code, 'HEALTH_CONSTRAINTS')
})

test('an agent that is silent fails its host within a minute', async () => {
  const world = await deployWorld({ hosts: 1 })
  world.answers.set('i-1', undefined)
  const start = world.clock.now()
  const id = await world.begin()
  await world.run()
  assert.ok(world.clock.now() - start < 70_000)
  const [target] = await world.targetsOf(id)
  assert.match(failedEvent(target!)?.diagnostics?.message ?? '', /has not asked for work for/)
})

test('an event that never ends fails its host after an hour', async () => {
  const world = await deployWorld({ hosts: 1 })
  world.answers.set('i-1 Install', 'take')
  const id = await world.begin()
  await world.run(5000)
  const [target] = await world.targetsOf(id)
  assert.match(failedEvent(target!)?.diagnostics?.message ?? '', /did not end within 3600 s/)
})

test('a host that goes away fails; the others carry on when they may', async () => {
  const world = await deployWorld({ hosts: 2, config: allAtOnce! })
  world.answers.set('i-1 Install', 'take')
  const id = await world.begin()
  await world.run(8)
  await world.loseInstance('i-1')
  await world.run()
  assert.equal((await world.deployment(id)).status, 'Succeeded')
  const [target] = await world.targetsOf(id)
  assert.match(failedEvent(target!)?.diagnostics?.message ?? '', /i-1 is no longer running/)
})

test('ignoreApplicationStopFailures carries on after a broken ApplicationStop', async () => {
  const world = await deployWorld({ hosts: 1 })
  world.answers.set('i-1 ApplicationStop', 'fail')
  const id = await world.begin({ ignoreApplicationStopFailures: true })
  await world.run()
  assert.equal((await world.deployment(id)).status, 'Succeeded')
  assert.equal((await world.targetsOf(id))[0]?.events[0]?.status, 'Failed')
})

test('a stopped deployment lets its commands end, skips the rest, and can roll back', async () => {
  const world = await deployWorld({ hosts: 2 })
  await world.begin()
  await world.run()
  world.answers.set('i-1 Install', 'take')
  const id = await world.begin()
  await world.run(8)
  assert.equal(await world.deploy.stop(deployScope, id, true), 'pending')
  await world.run(3)
  assert.equal((await world.deployment(id)).status, 'InProgress')
  await world.deploy.hostCommands.complete(deployScope, `${id}/i-1/Install`, {
    status: 'Succeeded',
    diagnostics: { errorCode: 'Success', scriptName: '', message: '', logTail: '' },
  })
  world.answers.clear()
  await world.run()
  const stopped = await world.deployment(id)
  assert.equal(stopped.status, 'Stopped')
  const rollback = await world.deployment(stopped.rollback?.rollbackDeploymentId ?? '')
  assert.equal(rollback.status, 'Succeeded')
  assert.equal(await world.deploy.stop(deployScope, id, false), 'finished')
  assert.equal(await world.deploy.stop(deployScope, 'd-NONE', false), 'unknown')
})

test('only outdated instances are touched when that is asked for', async () => {
  const world = await deployWorld({ hosts: 2 })
  await world.begin()
  await world.run()
  await world.addInstance('i-3')
  const id = await world.begin({ updateOutdatedInstancesOnly: true, config: allAtOnce! })
  await world.run()
  assert.deepEqual(
    (await world.targetsOf(id)).map((target) => target.targetId),
    ['i-3'],
  )
})

test('a new member of an Auto Scaling group gets the last good revision before it serves', async () => {
  const world = await deployWorld({ hosts: 1 })
  const onLaunch: LaunchSubscriber['onLaunch'] = (...at) => world.subscriber().onLaunch(...at)
  assert.equal(await onLaunch(deployScope, 'asg', 'i-1'), 'continue', 'nothing to deploy yet')
  const id = await world.begin()
  assert.equal(await onLaunch(deployScope, 'asg', 'i-1'), 'wait', 'a deployment is under way')
  await world.run()
  await world.addInstance('i-2')
  assert.equal(await onLaunch(deployScope, 'asg', 'i-2'), 'wait')
  assert.equal(await onLaunch(deployScope, 'asg', 'i-2'), 'wait', 'once only')
  await world.run()
  assert.equal(await onLaunch(deployScope, 'asg', 'i-2'), 'continue')
  assert.equal(await onLaunch(deployScope, 'other', 'i-9'), 'continue')
  assert.ok(world.ran.includes('i-2 ValidateService'))
  assert.equal((await world.deployment(id)).overview.Succeeded, 1)
  world.answers.set('i-3 Install', 'fail')
  await world.addInstance('i-3')
  await onLaunch(deployScope, 'asg', 'i-3')
  await world.run()
  assert.equal(await onLaunch(deployScope, 'asg', 'i-3'), 'abandon')
})

test('an instance that comes out of the warm pool again gets what the group has by now, once', async () => {
  const world = await deployWorld({ hosts: 1 })
  await world.begin()
  await world.run()
  await world.addInstance('i-2')
  const enter = (launchId: string) =>
    world.subscriber().onLaunch(deployScope, 'asg', 'i-2', launchId)
  assert.equal(await enter('first'), 'wait')
  await world.run()
  assert.equal(await enter('first'), 'continue')
  assert.equal(await enter('second'), 'continue', 'it has it already')
  world.appspecs.set('v2.zip', goodAppspec)
  const inService = world.members.splice(1, 1)
  const revision = { bucket: 'b', key: 'v2.zip', bundleType: 'zip' } as const
  await world.begin({ revision })
  await world.run()
  world.members.push(...inService)
  assert.equal(await enter('third'), 'wait', 'it has the revision of before')
  await world.run()
  assert.equal(await enter('third'), 'continue')
  assert.equal(world.ran.filter((each) => each === 'i-2 Install').length, 2)
})

test('a leaving member stops what runs on it before it ends, and goes however that ends', async () => {
  const world = await deployWorld({ hosts: 2, group: { hasTerminationHook: true } })
  const leave = async (id: string) => world.subscriber().onTermination?.(deployScope, 'asg', id)
  assert.equal(await leave('i-1'), 'continue', 'nothing runs on it yet')
  await world.begin()
  await world.run()
  const before = world.ran.length
  assert.equal(await leave('i-1'), 'wait')
  assert.equal(await leave('i-1'), 'wait', 'once only')
  await world.run()
  assert.equal(await leave('i-1'), 'continue')
  assert.deepEqual(world.ran.slice(before), ['i-1 ApplicationStop'])
  world.answers.set('i-2 ApplicationStop', 'fail')
  assert.equal(await leave('i-2'), 'wait')
  await world.run()
  assert.equal(await leave('i-2'), 'continue')
  assert.equal(await world.subscriber().onTermination?.(deployScope, 'other', 'i-9'), 'continue')
  const [last] = (await world.store.list(deployments, deployScope))
    .map(({ value }) => value)
    .filter(({ creator }) => creator === 'autoscalingTermination')
  assert.equal(last?.instanceId, 'i-1')
})

test('a group that leaves outdated instances alone gives new ones the old revision at once', async () => {
  const world = await deployWorld({ hosts: 1, group: { ignoresOutdatedInstances: true } })
  await world.begin()
  await world.run()
  world.appspecs.set('v2.zip', goodAppspec)
  world.answers.set('i-1 Install', 'take')
  world.agentsResume = true
  const revision = { bucket: 'b', key: 'v2.zip', bundleType: 'zip' } as const
  const id = await world.begin({ revision })
  await world.run(8)
  await world.addInstance('i-2')
  const launched = (): Promise<string> => world.subscriber().onLaunch(deployScope, 'asg', 'i-2')
  assert.equal(await launched(), 'wait')
  await world.run(20)
  assert.equal(await launched(), 'continue', 'while the deployment is still under way')
  assert.equal((await world.deployment(id)).status, 'InProgress')
  world.answers.clear()
  await world.run()
  const states = await world.store.list(hostStates, deployScope)
  assert.match(states.find((state) => state.id.endsWith('i-2'))?.value.revision ?? '', /v1.zip/)
})

test('a served command comes again when it is not acknowledged, and is acknowledged once', async () => {
  const world = await deployWorld({ hosts: 1 })
  world.answers.set('i-1', undefined)
  await world.begin()
  await world.run(1)
  const { hostCommands } = world.deploy
  const poll = (): ReturnType<typeof hostCommands.poll> =>
    hostCommands.poll({
      hosts: [{ instanceId: 'i-1' }],
      resumable: true,
      running: [],
      commandsMax: 9,
      waitMilliseconds: 0,
    })
  const [served] = await poll()
  assert.deepEqual(await poll(), [])
  await world.clock.advance(6000)
  assert.equal((await poll()).length, 1)
  const id = served!.command.commandId
  assert.equal(await hostCommands.acknowledge(deployScope, id), 'InProgress')
  assert.equal(await hostCommands.acknowledge(deployScope, id), 'Failed')
  await world.clock.advance(6000)
  assert.equal((await poll()).length, 1, 'nobody has it in hand: its agent must have died')
  assert.equal(await hostCommands.acknowledge(deployScope, id, true), 'InProgress')
})

test('a log grows by what is new and is the same when a part comes twice', async () => {
  const world = await deployWorld({ hosts: 1 })
  const { hostCommands } = world.deploy
  const id = 'd-1/i-1/Install'
  await hostCommands.appendLog(deployScope, id, { offset: 0, text: 'one\n' })
  await hostCommands.appendLog(deployScope, id, { offset: 4, text: 'two\n' })
  await hostCommands.appendLog(deployScope, id, { offset: 0, text: 'one\ntwo\nthree\n' })
  assert.deepEqual(await world.deploy.logs(deployScope, 'd-1'), [{ id, text: 'one\ntwo\nthree\n' }])
})

test('an alarm that rings stops the deployment and rolls it back; the rollback is not watched', async () => {
  const alarms = { enabled: true, ignorePollFailure: false, names: ['errors'] }
  const autoRollback = { enabled: true, events: ['DEPLOYMENT_STOP_ON_ALARM'] } as const
  const world = await deployWorld({ hosts: 3, group: { alarms, autoRollback } })
  world.alarms.set('errors', 'OK')
  await world.begin()
  await world.run()
  const id = await world.begin()
  await world.run(9)
  world.alarms.set('errors', 'ALARM')
  await world.run()
  const stopped = await world.deployment(id)
  assert.equal(stopped.status, 'Stopped')
  assert.equal(stopped.errorInformation?.code, 'ALARM_ACTIVE')
  assert.match(stopped.errorInformation?.message ?? '', /Activated alarms: errors is in ALARM/)
  const back = await world.deployment(stopped.rollback?.rollbackDeploymentId ?? '')
  assert.equal(back.status, 'Succeeded')
  const next = await world.begin()
  await world.run()
  assert.equal((await world.deployment(next)).errorInformation?.code, 'ALARM_ACTIVE')
  assert.equal((await world.targetsOf(next)).length, 0, 'no host was touched')
})

test('an alarm that does not exist stops a deployment, unless that is to be ignored', async () => {
  const alarms = { enabled: true, ignorePollFailure: false, names: ['nobody'] }
  const world = await deployWorld({ hosts: 1, group: { alarms } })
  const id = await world.begin()
  await world.run()
  assert.match((await world.deployment(id)).errorInformation?.message ?? '', /nobody was not found/)
  const other = await world.begin({ alarms: { ...alarms, ignorePollFailure: true } })
  await world.run()
  assert.equal((await world.deployment(other)).status, 'Succeeded')
})

test('two groups that share hosts take turns on each of them', async () => {
  const world = await deployWorld({ hosts: 2, config: allAtOnce! })
  const other = {
    ...world.group,
    deploymentGroupId: '22222222-2222-4333-8444-555555555555',
    deploymentGroupName: 'api',
  }
  const at = { scope: deployScope, id: groupKey('app', 'api'), owner: 'app' }
  await world.store.insert(deploymentGroups, at, other)
  const first = await world.begin()
  const second = await world.begin({ group: other })
  let isTogether = false
  for (let round = 0; round < 60; round++) {
    await world.run(1)
    const busy = [...(await world.targetsOf(first)), ...(await world.targetsOf(second))]
      .filter((target) => target.status === 'InProgress')
      .map((target) => target.targetId)
    isTogether ||= new Set(busy).size < busy.length
  }
  assert.equal(isTogether, false)
  assert.equal((await world.deployment(first)).status, 'Succeeded')
  assert.equal((await world.deployment(second)).status, 'Succeeded')
})

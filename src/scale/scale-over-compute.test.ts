import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../kernel/ports.ts'
import { createLoop } from '../reconcile/loop.ts'
import { createMetadataSource } from '../compute/metadata.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import { computeWorld } from '../testing/compute-world.ts'
import { fakeTargets } from '../testing/fake-targets.ts'
import { createScale } from './create-scale.ts'
import { lifecycleTargets } from './lifecycle-targets.ts'
import type { Group, Member } from './group.ts'

const arn = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/1'

/** The real loop, network and compute engines over a fake host. */
async function world() {
  const base = await computeWorld()
  const { scope, store, clock, compute, network, context } = base
  const loop = createLoop({ store, clock, log: silentLog, holder: 'test' })
  const targets = fakeTargets(arn)
  const scale = createScale(context, {
    instances: compute.instances,
    launchTemplates: compute.launchTemplates,
    targets,
    network,
  })
  for (const reconciler of scale.reconcilers) loop.add(reconciler)
  await loop.start()
  const { launchTemplateId } = await compute.launchTemplates.create(scope, {
    name: 'web',
    createdBy: 'arn:aws:iam::000000000000:root',
    settings: { imageId: 'ami-12345678', instanceType: 't3.micro' },
    tags: [],
  })
  const subnets = await network.defaultSubnets(scope)
  const group: Group = {
    name: 'web',
    arn: 'arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup:1:autoScalingGroupName/web',
    createdAt: clock.now(),
    launchTemplate: { launchTemplateId, launchTemplateName: 'web', version: '$Latest' },
    minSize: 0,
    maxSize: 6,
    desiredCapacity: 3,
    places: subnets.map(({ zone, subnetId }) => ({ zone, subnetId })),
    defaultCooldownSeconds: 300,
    healthCheckType: 'EC2',
    healthCheckGraceSeconds: 0,
    targetGroupArns: [arn],
    tags: [],
    terminationPolicies: ['Default'],
    newInstancesProtected: false,
    suspendedProcesses: [],
    isDeleting: false,
    launchFailures: 0,
  }
  await scale.create(scope, group)

  async function inService(): Promise<readonly Member[]> {
    const records = await scale.membersOf(scope, 'web')
    return records.map((each) => each.value).filter((each) => each.lifecycle === 'InService')
  }
  /** Turns the clock by ten milliseconds until it is so; tells how long it took. */
  async function until(what: string, holds: () => Promise<boolean>): Promise<number> {
    const startedAt = clock.now()
    for (let turn = 0; turn < 500; turn++) {
      if (await holds()) return clock.now() - startedAt
      await clock.advance(10)
    }
    return assert.fail(`never: ${what}`)
  }
  async function close(): Promise<void> {
    await loop.stop()
    await base.close()
  }
  return { ...base, scale, targets, inService, until, close }
}

test('a killed machine is replaced within milliseconds, woken by its exit alone', async () => {
  const { scope, host, scale, targets, inService, until, clock, close } = await world()
  await until('three in service', async () => (await inService()).length === 3)
  assert.equal(new Set((await inService()).map((member) => member.zone)).size, 3)
  await clock.advance(3000)
  const victim = (await inService())[1]?.instanceId ?? ''
  const launches = () => host.calls.filter((call) => call.startsWith('launch i-')).length
  assert.equal(launches(), 3)
  host.kill(victim)
  const took = await until('replaced', async () => {
    const staff = await inService()
    return staff.length === 3 && staff.every((member) => member.instanceId !== victim)
  })
  assert.ok(took <= 20, `${took} ms of the clock`)
  assert.equal(launches(), 4)
  const members = () => scale.membersOf(scope, 'web')
  await until('the dead one is gone', async () => (await members()).length === 3)
  assert.equal(host.machines.has(victim) && host.machines.get(victim)?.status.phase, false)
  assert.ok(!targets.groups.get(arn)?.has(victim))
  await close()
})

test('a host that is away, and comes back as another process, costs no instance', async () => {
  const { host, inService, until, clock, close } = await world()
  await until('three in service', async () => (await inService()).length === 3)
  const before = (await inService()).map((member) => member.instanceId)
  host.setAway(true)
  await clock.advance(60_000)
  host.restartHost()
  host.setAway(false)
  await clock.advance(60_000)
  const after = (await inService()).map((member) => member.instanceId)
  assert.deepEqual(after, before)
  assert.equal(host.calls.filter((call) => call.startsWith('terminate')).length, 0)
  await close()
})

test('a deleted group leaves no machine, not even one that users may not terminate', async () => {
  const { scope, host, scale, inService, until, compute, close } = await world()
  await until('three in service', async () => (await inService()).length === 3)
  const [member] = await inService()
  await compute.instances.change(scope, member?.instanceId ?? '', (value) => ({
    ...value,
    isProtected: true,
  }))
  await scale.remove(scope, 'web', true)
  await until('the group is gone', async () => (await scale.find(scope, 'web')) === undefined)
  assert.deepEqual(
    [...host.machines.values()].filter(({ status }) => status.phase !== 'terminated'),
    [],
  )
  await close()
})

test('an instance reads in its metadata which state its group brings it to', async () => {
  const { context, scope, scale, compute, until, inService, close } = await world()
  await until('three in service', async () => (await inService()).length === 3)
  const targets = lifecycleTargets(context)
  const none = { find: async () => undefined, credentials: async () => undefined }
  const source = createMetadataSource(context, { profiles: none, lifecycleTargets: targets })
  const told = async (id: string) => {
    const all = await source.instanceMetadata()
    const found = all.find(({ instance }) => instance.instanceId === id)
    return found?.instance.leaves['meta-data/autoscaling/target-lifecycle-state']
  }
  const [{ instanceId: one = '' } = {}, { instanceId: other = '' } = {}] = await inService()
  const [alone] = await compute.instances.launch(scope, {
    ...{ imageId: 'ami-12345678', instanceType: 't3.micro', count: 1, tags: [] },
  })
  assert.deepEqual([await told(one), await told(alone?.id ?? '')], ['InService', undefined])
  let changes = 0
  const stop = source.onMetadataChange(() => changes++)
  await scale.enterStandby(scope, { groupName: 'web', instanceIds: [one], shrink: true })
  assert.ok(changes > 0, 'who waits for news is told')
  assert.deepEqual([await told(one), await told(other)], ['Standby', 'InService'])
  await scale.terminate(scope, other, true)
  assert.equal((await targets.list()).get(keyOf(scope, other)), 'Terminated')
  assert.equal(await told(other), 'Terminated')
  stop()
  await close()
})

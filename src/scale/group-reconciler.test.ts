import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LaunchRequest } from '../compute/instance.ts'
import { DriverError } from '../kernel/errors.ts'
import { silentLog } from '../kernel/ports.ts'
import { Refusal } from '../network/refusal.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import { fakeInstances } from '../testing/fake-instances.ts'
import { fakeTargets } from '../testing/fake-targets.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { createScale } from './create-scale.ts'
import { causes } from './domain/causes.ts'
import type { Group } from './group.ts'
import type { LaunchSubscriber } from './groups.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const arn = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/1'
const key = keyOf(scope, 'web')
const createdAt = Date.UTC(2026, 10, 22, 10)

function world() {
  const clock = manualClock(createdAt)
  const store = memoryStore(clock)
  const context = {
    store,
    clock,
    random: seededRandom(3),
    log: silentLog,
    events: { publish() {} },
    wake: { wake() {} },
  }
  const instances = fakeInstances(context)
  const targets = fakeTargets(arn)
  const requests: LaunchRequest[] = []
  const template = {
    launchTemplateId: 'lt-1',
    launchTemplateName: 'web',
    version: '1',
    request: { imageId: 'ami-1', instanceType: 't3.micro', tags: [] },
  }
  const boot = () =>
    createScale(context, {
      instances: {
        ...instances,
        list: (at) => instances.list(at),
        launch(at, request) {
          requests.push(request)
          return instances.launch(at, request)
        },
      },
      targets,
      launchTemplates: { resolve: async () => template },
      network: { subnet: async () => undefined, defaultSubnets: async () => [] },
    })
  const scale = boot()

  /** One activation. */
  const once = (engine = scale) =>
    engine.reconcilers[0]?.reconcile(key, new AbortController().signal)
  /** Activations until the group rests, machines following on their own. */
  async function rest(): Promise<void> {
    let quiet = 0
    for (let round = 0; round < 60 && quiet < 3; round++) {
      const outcome = await once()
      await instances.settle()
      quiet = outcome === undefined ? quiet + 1 : 0
      if (outcome === undefined) continue
      await clock.advance(outcome.againAfterMilliseconds ?? 0)
    }
  }
  const inService = async () =>
    (await scale.membersOf(scope, 'web'))
      .map((record) => record.value)
      .filter((member) => member.lifecycle === 'InService')
  const set = (change: Partial<Group>) =>
    scale.change(scope, 'web', (group) => ({ ...group, ...change }))
  return { clock, store, instances, targets, requests, scale, boot, once, rest, inService, set }
}

function groupOf(change: Partial<Group> = {}): Group {
  return {
    name: 'web',
    arn: 'arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup:1:autoScalingGroupName/web',
    createdAt,
    launchTemplate: { launchTemplateId: 'lt-1', launchTemplateName: 'web', version: '$Latest' },
    minSize: 1,
    maxSize: 6,
    desiredCapacity: 3,
    places: ['a', 'b', 'c'].map((zone) => ({ zone, subnetId: `subnet-${zone}` })),
    defaultCooldownSeconds: 300,
    healthCheckType: 'EC2',
    healthCheckGraceSeconds: 0,
    targetGroupArns: [arn],
    tags: [{ Key: 'role', Value: 'web', PropagateAtLaunch: true }],
    terminationPolicies: ['Default'],
    newInstancesProtected: false,
    suspendedProcesses: [],
    isDeleting: false,
    requestCause: causes.created(createdAt, 3),
    launchFailures: 0,
    ...change,
  }
}

test('a new group fills its zones, registers its instances and says why', async () => {
  const { scale, rest, inService, targets, requests } = world()
  await scale.create(scope, groupOf())
  await rest()
  const staff = await inService()
  assert.deepEqual(staff.map((member) => member.zone).sort(), ['a', 'b', 'c'])
  assert.deepEqual(
    [...(targets.groups.get(arn)?.keys() ?? [])].sort(),
    staff.map((member) => String(member.instanceId)).sort(),
  )
  assert.deepEqual(requests[0]?.tags, [
    { Key: 'role', Value: 'web' },
    { Key: 'aws:autoscaling:groupName', Value: 'web' },
    { Key: 'aws:ec2launchtemplate:id', Value: 'lt-1' },
    { Key: 'aws:ec2launchtemplate:version', Value: '1' },
  ])
  const activities = await scale.activitiesOf(scope, 'web')
  assert.equal(activities.length, 3)
  for (const activity of activities) {
    assert.equal(activity.statusCode, 'Successful')
    assert.match(activity.description, /^Launching a new EC2 instance: i-/)
    assert.equal(
      activity.cause,
      'At 2026-11-22T10:00:00Z a user request created an AutoScalingGroup changing the desired capacity from 0 to 3.' +
        '  At 2026-11-22T10:00:00Z an instance was started in response to a difference between desired and actual' +
        ' capacity, increasing the capacity from 0 to 3.',
    )
  }
})

test('a killed instance is replaced in one pass, without waiting for its connections', async () => {
  const { scale, rest, once, inService, instances, targets, clock } = world()
  await scale.create(scope, groupOf())
  await rest()
  targets.holdDraining = true
  await clock.advance(5000)
  const [victim] = await inService()
  assert.ok(victim?.instanceId)
  await instances.move(scope, victim.instanceId, { state: 'stopped' })
  await once()
  assert.equal(instances.launched.length, 4, 'the replacement is launched by the first pass')
  await rest()
  const staff = await inService()
  assert.equal(staff.length, 3)
  assert.deepEqual(staff.map((member) => member.zone).sort(), ['a', 'b', 'c'])
  assert.deepEqual(instances.terminated, [victim.instanceId])
  const [launch, leave] = (await scale.activitiesOf(scope, 'web'))
    .filter((activity) => activity.startTime > createdAt)
    .sort((a, b) => (a.description < b.description ? -1 : 1))
  assert.equal(
    leave?.cause,
    'At 2026-11-22T10:00:05Z an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.',
  )
  assert.equal(leave?.description, `Terminating EC2 instance: ${victim.instanceId}`)
  assert.equal(leave?.statusCode, 'Successful')
  assert.match(launch?.cause ?? '', /in response to an unhealthy instance needing to be replaced/)
})

test('an instance change wakes its group by key', async () => {
  const { scale, rest, inService } = world()
  await scale.create(scope, groupOf())
  await rest()
  const [member] = await inService()
  const wake = scale.reconcilers[0]?.wakes.find((each) => each.kind.name === 'compute/instance')
  const change = { kind: 'compute/instance', scope, id: member?.instanceId ?? '', owner: undefined }
  assert.deepEqual(wake?.keysOf(change), [key])
  assert.deepEqual(wake?.keysOf({ ...change, id: 'i-other' }), [])
})

test('nothing is destroyed or launched while the inventory cannot be read', async () => {
  const { scale, rest, once, instances } = world()
  await scale.create(scope, groupOf())
  await rest()
  instances.listFailure = new DriverError('the host does not answer', { retryable: true })
  for (let pass = 0; pass < 5; pass++) await once()
  assert.deepEqual(instances.terminated, [])
  assert.equal(instances.launched.length, 3)
  instances.listFailure = undefined
  await rest()
  assert.equal(instances.launched.length, 3)
})

test('a crash between launch and record doubles nothing', async () => {
  const { scale, boot, rest, once, inService, instances, clock } = world()
  await scale.create(scope, groupOf({ desiredCapacity: 1 }))
  instances.afterLaunch = () => new Promise(() => {})
  const killed = once()
  await clock.settle()
  instances.afterLaunch = undefined
  assert.equal(instances.launched.length, 1)
  await once(boot())
  await rest()
  assert.ok(killed instanceof Promise)
  assert.equal(instances.launched.length, 1)
  assert.equal((await inService()).length, 1)
})

test('a failing launch is an activity with its reason, tried again with growing pauses', async () => {
  const { scale, rest, once, inService, instances, clock } = world()
  instances.launchFailure = new Refusal(
    'InvalidAMIID.NotFound',
    'The image id ami-1 does not exist',
  )
  await scale.create(scope, groupOf({ desiredCapacity: 1 }))
  for (let pass = 0; pass < 10; pass++) await once()
  const failed = await scale.activitiesOf(scope, 'web')
  assert.equal(failed.length, 1, 'one try, then a pause')
  assert.equal(failed[0]?.statusCode, 'Failed')
  assert.match(failed[0]?.statusMessage ?? '', /ami-1 does not exist/)
  for (let second = 0; second < 30; second++) {
    await clock.advance(1000)
    await once()
    await once()
  }
  assert.equal((await scale.activitiesOf(scope, 'web')).length, 5, 'after 1, 2, 4, 8 s')
  instances.launchFailure = undefined
  await clock.advance(60_000)
  await rest()
  assert.equal((await inService()).length, 1)
  assert.equal((await scale.find(scope, 'web'))?.launchFailures, 0)
})

test('a machine that never comes up is replaced after a quarter of an hour', async () => {
  const { scale, once, inService, instances, clock, rest } = world()
  await scale.create(scope, groupOf({ desiredCapacity: 1 }))
  await once()
  const [stuck] = await instances.list(scope)
  assert.ok(stuck)
  await clock.advance(14 * 60_000)
  for (let pass = 0; pass < 5; pass++) await once()
  assert.equal(instances.launched.length, 1, 'it has its time')
  await clock.advance(60_000)
  await once()
  const [leaving] = await scale.activitiesOf(scope, 'web')
  assert.match(leaving?.description ?? '', new RegExp(`Terminating EC2 instance: ${stuck.id}`))
  await clock.advance(60_000)
  await rest()
  assert.deepEqual(instances.terminated, [stuck.id])
  assert.equal((await inService()).length, 1)
})

test('a launch in doubt is tried again under its own token', async () => {
  const { scale, rest, once, inService, instances, requests, clock } = world()
  instances.launchFailure = new DriverError('no answer', { retryable: true })
  await scale.create(scope, groupOf({ desiredCapacity: 1 }))
  await once()
  await clock.advance(2000)
  await once()
  instances.launchFailure = undefined
  await clock.advance(60_000)
  await rest()
  assert.equal((await inService()).length, 1)
  assert.equal(new Set(requests.map((request) => request.clientToken)).size, 1)
  assert.equal((await scale.activitiesOf(scope, 'web')).length, 3)
})

test('unhealthy targets count after the grace period, one third of the group at a time', async () => {
  const { scale, rest, once, inService, instances, targets, clock, set } = world()
  await scale.create(
    scope,
    groupOf({ desiredCapacity: 6, healthCheckType: 'ELB', healthCheckGraceSeconds: 60 }),
  )
  await rest()
  targets.holdDraining = true
  const registered = targets.groups.get(arn)
  for (const { instanceId } of await inService()) registered?.set(instanceId ?? '', 'unhealthy')
  await set({})
  await clock.advance(30_000 - (clock.now() - createdAt))
  for (let pass = 0; pass < 5; pass++) await once()
  assert.equal((await inService()).length, 6, 'not within the grace period')
  await clock.advance(60_000)
  for (let pass = 0; pass < 5; pass++) await once()
  const leaving = (await scale.membersOf(scope)).filter(
    (record) => record.value.lifecycle === 'Terminating',
  )
  assert.equal(leaving.length, 2)
  assert.deepEqual(instances.terminated, [], 'they drain first')
  targets.releaseDraining()
  await once()
  assert.equal(instances.terminated.length, 2)
  assert.match(
    (await scale.activitiesOf(scope, 'web'))[0]?.cause ?? '',
    /ELB system health check failure|unhealthy instance needing to be replaced/,
  )
})

test('what someone else takes out of a target group is not put back', async () => {
  const { scale, rest, once, targets, inService } = world()
  await scale.create(scope, groupOf())
  await rest()
  const [member] = await inService()
  targets.groups.get(arn)?.delete(member?.instanceId ?? '')
  for (let pass = 0; pass < 3; pass++) await once()
  assert.equal(targets.groups.get(arn)?.size, 2)
})

test('subscribers hold a launch back, and may abandon it', async () => {
  const { scale, rest, once, inService, instances } = world()
  let answer: Awaited<ReturnType<LaunchSubscriber['onLaunch']>> = 'wait'
  scale.subscribe({ onLaunch: async () => answer })
  await scale.create(scope, groupOf({ desiredCapacity: 1, targetGroupArns: [] }))
  await once()
  await instances.settle()
  assert.deepEqual(await once(), { againAfterMilliseconds: 200 })
  assert.equal((await inService()).length, 0)
  answer = 'abandon'
  for (let pass = 0; pass < 5; pass++) {
    await once()
    await instances.settle()
  }
  assert.equal(instances.launched.length, 1, 'the next try waits')
  const [failed] = (await scale.activitiesOf(scope, 'web')).filter(
    (activity) => activity.statusCode === 'Failed',
  )
  assert.match(
    failed?.statusMessage ?? '',
    /^Instance failed to complete user's Lifecycle Action: Lifecycle Action with token \S+ was abandoned: Lifecycle Action Completed with ABANDON Result$/,
  )
  assert.match(
    failed?.description ?? '',
    /^Launching a new EC2 instance: i-\S+\.  Status Reason: Inst/,
  )
  answer = 'continue'
  await rest()
  assert.equal((await inService()).length, 1)
  assert.equal(instances.launched.length, 2)
  assert.equal(instances.terminated.length, 1)
})

test('subscribers have the last word with an instance that leaves, but not for ever', async () => {
  const { scale, rest, once, inService, instances, clock, set } = world()
  let answer: 'continue' | 'wait' = 'wait'
  const asked: string[] = []
  scale.subscribe({
    onLaunch: async () => 'continue',
    onTermination: async (_scope, _group, instanceId) => {
      asked.push(instanceId)
      return answer
    },
  })
  await scale.create(scope, groupOf({ desiredCapacity: 2, targetGroupArns: [] }))
  await rest()
  await set({ desiredCapacity: 1 })
  for (let pass = 0; pass < 4; pass++) await once()
  assert.deepEqual(await once(), { againAfterMilliseconds: 200 })
  assert.deepEqual(instances.terminated, [])
  answer = 'continue'
  await rest()
  assert.deepEqual(instances.terminated, [asked[0]])
  answer = 'wait'
  await set({ desiredCapacity: 0 })
  for (let pass = 0; pass < 4; pass++) await once()
  assert.equal(instances.terminated.length, 1)
  await clock.advance(3_600_001)
  await rest()
  assert.equal(instances.terminated.length, 2)
  assert.equal((await inService()).length, 0)
})

test('of several types the first is launched, and the next one after a failure', async () => {
  const { scale, once, rest, instances, requests } = world()
  const distribution = { onDemandBaseCapacity: 0, spotAllocationStrategy: 'lowest-price' }
  const overrides = [{ instanceType: 'm5.large' }, { instanceType: 'c5.large' }]
  const mixedInstances = { overrides, distribution }
  await scale.create(scope, groupOf({ desiredCapacity: 1, targetGroupArns: [], mixedInstances }))
  instances.launchFailure = new Refusal('InsufficientInstanceCapacity', 'none of this type')
  await once()
  instances.launchFailure = undefined
  await rest()
  const types = requests.map((request) => request.instanceType)
  assert.deepEqual(types, ['m5.large', 'c5.large'])
})

test('shrinking drains before it ends, and deleting leaves nothing', async () => {
  const { scale, rest, once, inService, instances, targets, clock, set } = world()
  await scale.create(scope, groupOf())
  await rest()
  targets.holdDraining = true
  await clock.advance(1000)
  await set({
    desiredCapacity: 2,
    requestCause: causes.setDesired(clock.now(), { from: 3, to: 2 }),
  })
  for (let pass = 0; pass < 4; pass++) await once()
  assert.deepEqual(instances.terminated, [])
  targets.releaseDraining()
  targets.holdDraining = false
  await rest()
  assert.equal(instances.terminated.length, 1)
  assert.equal((await inService()).length, 2)
  assert.match(
    (await scale.activitiesOf(scope, 'web'))[0]?.cause ?? '',
    /explicitly set group desired capacity changing the desired capacity from 3 to 2\. {2}At .* shrinking the capacity from 3 to 2\. {2}At .* instance i-\w+ was selected for termination\.$/,
  )
  assert.equal(await scale.remove(scope, 'web', false), 'has-instances')
  assert.equal(await scale.remove(scope, 'web', true), 'removed')
  await rest()
  assert.equal(await scale.find(scope, 'web'), undefined)
  assert.deepEqual(await scale.membersOf(scope), [])
  assert.equal(instances.terminated.length, 3)
  assert.equal(targets.groups.get(arn)?.size, 0)
})

test('a user may end one instance with or without shrinking the group', async () => {
  const { scale, rest, inService } = world()
  await scale.create(scope, groupOf({ minSize: 2 }))
  await rest()
  const [first, second, third] = await inService()
  assert.equal((await scale.terminate(scope, first?.instanceId ?? '', true)).ok, true)
  assert.equal((await scale.find(scope, 'web'))?.desiredCapacity, 2)
  assert.deepEqual(await scale.terminate(scope, second?.instanceId ?? '', true), {
    ok: false,
    reason: 'below-minimum',
  })
  await scale.terminate(scope, third?.instanceId ?? '', false)
  await rest()
  const staff = (await inService()).map((member) => member.instanceId)
  assert.equal(staff.length, 2)
  assert.ok(staff.includes(second?.instanceId))
  assert.ok(!staff.includes(first?.instanceId) && !staff.includes(third?.instanceId))
})

test('with capacity rebalancing an instance at risk leaves once another serves, without it nothing is done', async () => {
  const { scale, rest, once, inService, instances, clock, set } = world()
  await scale.create(scope, groupOf({ maxSize: 3 }))
  await rest()
  const [first] = await inService()
  const atRisk = first?.instanceId ?? ''
  const now = clock.now()
  const interruption = { recommendedAt: now, warnedAt: now, endsAt: now + 120_000 }
  await instances.move(scope, atRisk, { interruption })
  await rest()
  assert.deepEqual(instances.terminated, [])
  await set({ rebalancesCapacity: true })
  await once()
  const launched = (await scale.membersOf(scope)).filter(
    ({ value }) => value.lifecycle === 'Pending',
  )
  assert.equal(launched.length, 1)
  assert.equal(launched[0]?.value.zone, first?.zone)
  assert.equal((await inService()).length, 3)
  await rest()
  assert.deepEqual(instances.terminated, [atRisk])
  const staff = await inService()
  assert.deepEqual(staff.map(({ zone }) => zone).toSorted(), ['a', 'b', 'c'])
  const said = (await scale.activitiesOf(scope, 'web')).map(({ cause }) => cause).join('\n')
  const why = 'in response to an EC2 instance rebalance recommendation'
  assert.match(said, new RegExp(`an instance was taken out of service ${why}`))
  assert.match(said, new RegExp(`an instance was launched ${why}`))
})

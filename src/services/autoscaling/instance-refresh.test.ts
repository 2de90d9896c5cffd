import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Activity, InstanceRefresh } from '@aws-sdk/client-auto-scaling'
import { DriverError } from '../../kernel/errors.ts'
import { autoScalingWorld, basicGroup, scope } from '../../testing/auto-scaling-world.ts'
import { call } from '../../testing/fake-request.ts'

const web = {
  ...basicGroup,
  LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' },
  TargetGroupARNs: [],
}
const toVersion2 = {
  DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '2' } },
}

async function world() {
  const made = autoScalingWorld()
  await call(made.service, 'CreateAutoScalingGroup', web)
  await made.rest()
  await made.clock.advance(1000)
  const versions = async () =>
    (await made.staff()).map((instance) => instance.LaunchTemplate?.Version)
  const refreshes = async () =>
    (await made.ask<{ InstanceRefreshes: InstanceRefresh[] }>('DescribeInstanceRefreshes'))
      .InstanceRefreshes
  return { ...made, versions, refreshes }
}

test('a refresh replaces every instance from the desired template, which is then the group’s', async () => {
  const { ask, rest, versions, refreshes, group, activities } = await world()
  const { InstanceRefreshId: id } = await ask<{ InstanceRefreshId: string }>(
    'StartInstanceRefresh',
    toVersion2,
  )
  assert.equal((await refreshes())[0]?.Status, 'Pending')
  await assert.rejects(ask('StartInstanceRefresh'), { code: 'InstanceRefreshInProgressFault' })
  await rest(60)
  assert.deepEqual(await versions(), ['2', '2'])
  const [refresh] = await refreshes()
  assert.equal(refresh?.InstanceRefreshId, id)
  assert.equal(refresh?.Status, 'Successful')
  assert.equal(refresh?.PercentageComplete, 100)
  assert.equal(refresh?.InstancesToUpdate, 0)
  assert.deepEqual(refresh?.DesiredConfiguration, toVersion2.DesiredConfiguration)
  assert.equal((await group())?.LaunchTemplate?.Version, '2')
  const causes = (await activities()).map(({ Cause }) => Cause ?? '')
  assert.ok(
    causes.some((cause) => /taken out of service in response to an instance refresh/.test(cause)),
  )
  assert.ok(causes.some((cause) => /launched in response to an instance refresh/.test(cause)))
})

test('a refresh is cancelled where it is, or rolled back to what was', async () => {
  const { ask, rest, versions, refreshes, group } = await world()
  await assert.rejects(ask('CancelInstanceRefresh'), { code: 'ActiveInstanceRefreshNotFoundFault' })
  const preferences = { CheckpointPercentages: [50, 100], CheckpointDelay: 3600 }
  await ask('StartInstanceRefresh', { ...toVersion2, Preferences: preferences })
  await rest()
  assert.deepEqual(
    (await versions()).map(String).toSorted((a, b) => (a < b ? -1 : 1)),
    ['1', '2'],
  )
  assert.match((await refreshes())[0]?.StatusReason ?? '', /checkpoint of 50 percent/)
  await ask('RollbackInstanceRefresh')
  await rest()
  assert.deepEqual(await versions(), ['1', '1'])
  const [refresh] = await refreshes()
  assert.equal(refresh?.Status, 'RollbackSuccessful')
  assert.equal(refresh?.RollbackDetails?.PercentageCompleteOnRollback, 50)
  assert.equal((await group())?.LaunchTemplate?.Version, '1')
  await ask('StartInstanceRefresh', { Preferences: preferences })
  await assert.rejects(ask('RollbackInstanceRefresh'), { code: 'IrreversibleInstanceRefreshFault' })
  await ask('CancelInstanceRefresh')
  assert.equal((await refreshes()).filter(({ Status }) => Status === 'Cancelling').length, 1)
  await rest()
  assert.equal((await refreshes()).filter(({ Status }) => Status === 'Cancelled').length, 1)
})

test('launches that fail turn a refresh back when that is asked for', async () => {
  const { ask, rest, versions, refreshes, instances, clock } = await world()
  await ask('StartInstanceRefresh', {
    ...toVersion2,
    Preferences: { AutoRollback: true, MinHealthyPercentage: 50 },
  })
  instances.launchFailure = new DriverError('no capacity', { retryable: false })
  for (
    let round = 0;
    round < 12 && (await refreshes())[0]?.Status !== 'RollbackInProgress';
    round++
  ) {
    await rest(3)
    await clock.advance(5000)
  }
  assert.equal((await refreshes())[0]?.Status, 'RollbackInProgress')
  instances.launchFailure = undefined
  await rest()
  await clock.advance(60_000)
  await rest()
  assert.deepEqual(await versions(), ['1', '1'])
  assert.equal((await refreshes())[0]?.Status, 'RollbackSuccessful')
  const { RollbackDetails: details } = (await refreshes())[0] ?? {}
  assert.match(details?.RollbackReason ?? '', /launches in a row/)
  assert.equal(details?.PercentageCompleteOnRollback, 0, 'nothing was replaced')
})

test('bad preferences are refused', async () => {
  const { ask } = await world()
  const refusals: readonly (readonly [object, RegExp])[] = [
    [{ MaxHealthyPercentage: 110 }, /MinHealthyPercentage is required/],
    [{ MinHealthyPercentage: 101 }, /between 0 and 100/],
    [{ MinHealthyPercentage: 50, MaxHealthyPercentage: 200 }, /must not be greater than 100/],
    [{ CheckpointPercentages: [50, 20] }, /ascending/],
    [{ CheckpointDelay: 5 }, /requires CheckpointPercentages/],
    [{ AutoRollback: true }, /AutoRollback requires a DesiredConfiguration/],
    [{ StandbyInstances: 'Kill' }, /StandbyInstances is Terminate, Ignore, Wait/],
    [
      { AlarmSpecification: { Alarms: ['x'] } },
      /AlarmSpecification\.Alarms: there is no CloudWatch alarm x/,
    ],
  ]
  for (const [Preferences, message] of refusals) {
    await assert.rejects(ask('StartInstanceRefresh', { Preferences }), message)
  }
})

test('instances older than the group lets them be are replaced, one after another', async () => {
  const { ask, rest, staff, clock, activities } = await world()
  await ask('UpdateAutoScalingGroup', {
    MaxInstanceLifetime: 86_400,
    InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 },
  })
  await rest()
  const before = (await staff()).map(({ InstanceId }) => InstanceId)
  await clock.advance(86_400_000)
  await rest(60)
  const after = (await staff()).map(({ InstanceId }) => InstanceId)
  assert.equal(after.length, 2)
  assert.ok(after.every((id) => !before.includes(id)))
  const causes = (await activities()).map(({ Cause }) => Cause ?? '')
  assert.ok(causes.some((cause) => /maximum instance lifetime/.test(cause)))
  await assert.rejects(ask('UpdateAutoScalingGroup', { MaxInstanceLifetime: 60 }), /between 86400/)
})

test('an instance goes to standby and back, with and without its place', async () => {
  const { ask, rest, staff, group, instances } = await world()
  const id = (await staff())[0]?.InstanceId
  const shrink = { ShouldDecrementDesiredCapacity: true }
  const { Activities } = await ask<{ Activities: Activity[] }>('EnterStandby', {
    InstanceIds: [id],
    ...shrink,
  })
  assert.equal(Activities[0]?.Description, `Moving EC2 instance to Standby: ${id}`)
  assert.match(
    Activities[0]?.Cause ?? '',
    /was moved to standby in response to a user request, shrinking the capacity from 2 to 1\.$/,
  )
  await rest()
  const state = async () =>
    (await staff()).find(({ InstanceId }) => InstanceId === id)?.LifecycleState
  assert.equal(await state(), 'Standby')
  assert.equal((await group())?.DesiredCapacity, 1)
  const [other] = (await staff()).filter(({ InstanceId }) => InstanceId !== id)
  await assert.rejects(
    ask('EnterStandby', { InstanceIds: [other?.InstanceId], ...shrink }),
    /min-size=1, max-size=4, and desired-size=1\. To place into standby 1 instance, please update/,
  )
  await ask('ExitStandby', { InstanceIds: [id] })
  await rest()
  assert.equal(await state(), 'InService')
  assert.equal((await group())?.DesiredCapacity, 2)
  await ask('EnterStandby', { InstanceIds: [id], ShouldDecrementDesiredCapacity: false })
  await rest()
  assert.equal((await staff()).length, 3, 'replaced while it stands by')
  assert.deepEqual(instances.terminated, [])
  await assert.rejects(ask('ExitStandby', { InstanceIds: ['i-0'] }), /not part of Auto Scaling/)
})

test('instances are detached, go on running, and are attached again', async () => {
  const { ask, rest, staff, group, instances } = await world()
  const { InstanceId: id = '', AvailabilityZone: zone = '' } = (await staff())[0] ?? {}
  await ask('DetachInstances', { InstanceIds: [id], ShouldDecrementDesiredCapacity: true })
  await rest()
  assert.equal((await staff()).length, 1)
  assert.equal((await instances.find(scope, id))?.value.state, 'running')
  await assert.rejects(ask('AttachInstances', { InstanceIds: [id] }), /availability zone/)
  await instances.move(scope, id, { zone, state: 'stopped' })
  await assert.rejects(ask('AttachInstances', { InstanceIds: [id] }), {
    message: `Instance ${id} [stopped] is not in correct state. Instance(s) must be in 'running' state.`,
  })
  await instances.move(scope, id, { state: 'running' })
  await ask('AttachInstances', { InstanceIds: [id] })
  await rest()
  assert.equal((await group())?.DesiredCapacity, 2)
  assert.deepEqual(
    (await staff()).map(({ LifecycleState }) => LifecycleState),
    ['InService', 'InService'],
  )
  await assert.rejects(ask('AttachInstances', { InstanceIds: [id] }), /already part of/)
  await assert.rejects(ask('AttachInstances', { InstanceIds: ['i-9'] }), /Invalid Instance ID/)
})

test('a refresh brings a mixed instances policy, which is then the group’s, or is taken back', async () => {
  const { ask, rest, staff, refreshes, group, clock } = await world()
  const policy = (Overrides: readonly object[]) => ({
    LaunchTemplate: {
      LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '2' },
      Overrides,
    },
  })
  const start = async (MixedInstancesPolicy: object, SkipMatching = false) => {
    await clock.advance(1000)
    await ask('StartInstanceRefresh', {
      DesiredConfiguration: { MixedInstancesPolicy },
      Preferences: { SkipMatching },
    })
  }
  const types = async () => (await staff()).map(({ InstanceType }) => InstanceType)
  await assert.rejects(start(policy([{ InstanceType: 'c5.large', WeightedCapacity: '2' }])), {
    message: /cannot give weights to a group without them/,
  })
  await start(policy([{ InstanceType: 'c5.large' }]))
  await rest(60)
  assert.equal((await refreshes())[0]?.Status, 'Successful')
  assert.deepEqual(await types(), ['c5.large', 'c5.large'])
  const kept = (await group())?.MixedInstancesPolicy
  assert.equal(kept?.LaunchTemplate?.LaunchTemplateSpecification?.Version, '2')
  assert.equal((await group())?.LaunchTemplate, undefined)
  // What matches is of a type that the policy names.
  const ids = (await staff()).map(({ InstanceId }) => InstanceId)
  await start(policy([{ InstanceType: 'c5.large' }, { InstanceType: 'm5.large' }]), true)
  await rest(60)
  assert.deepEqual(
    (await staff()).map(({ InstanceId }) => InstanceId),
    ids,
  )
  assert.equal((await group())?.MixedInstancesPolicy?.LaunchTemplate?.Overrides?.length, 2)
  await start({ LaunchTemplate: { Overrides: [{ InstanceType: 'm5.large' }] } }, true)
  await rest(2)
  await ask('CancelInstanceRefresh')
  await rest(20)
  assert.equal((await refreshes())[0]?.Status, 'Cancelled')
  assert.equal((await group())?.MixedInstancesPolicy?.LaunchTemplate?.Overrides?.length, 2)
  await start({ LaunchTemplate: { Overrides: [{ InstanceType: 'm5.large' }] } }, true)
  await rest(60)
  assert.deepEqual(await types(), ['m5.large', 'm5.large'])
})

test('while a refresh brings other types, those are the ones that may be attached', async () => {
  const { ask, rest, staff, instances, group, clock } = await world()
  const policy = (InstanceType: string) => ({
    LaunchTemplate: {
      LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '2' },
      Overrides: [{ InstanceType, WeightedCapacity: '2' }],
    },
  })
  await ask('UpdateAutoScalingGroup', {
    ...{ MinSize: 0, MaxSize: 10, DesiredCapacity: 4 },
    MixedInstancesPolicy: policy('c5.large'),
  })
  await rest()
  await clock.advance(1000)
  const alone = async (instanceType: string) => {
    const zone = (await staff())[0]?.AvailabilityZone ?? ''
    const [made] = await instances.launch(scope, {
      ...{ imageId: 'ami-2', instanceType, count: 1, tags: [], zone, clientToken: instanceType },
    })
    await instances.settle()
    return made?.id ?? ''
  }
  const [former, latter] = [await alone('c5.large'), await alone('m5.large')]
  await ask('StartInstanceRefresh', {
    DesiredConfiguration: { MixedInstancesPolicy: policy('m5.large') },
    Preferences: { CheckpointPercentages: [50, 100] },
  })
  await rest(2)
  await assert.rejects(ask('AttachInstances', { InstanceIds: [former] }), /gives a weight/)
  const before = (await group())?.DesiredCapacity ?? 0
  await ask('AttachInstances', { InstanceIds: [latter] })
  assert.equal((await group())?.DesiredCapacity, before + 2)
})

test('an alarm that rings fails a refresh, or turns it back, also while it bakes', async () => {
  const { ask, rest, versions, refreshes, alarmStates, clock, group } = await world()
  alarmStates.set('errors', 'OK')
  const AlarmSpecification = { Alarms: ['errors'] }
  await ask('StartInstanceRefresh', { Preferences: { AlarmSpecification, InstanceWarmup: 600 } })
  await rest(3)
  assert.deepEqual((await refreshes())[0]?.Preferences?.AlarmSpecification, AlarmSpecification)
  assert.equal((await refreshes())[0]?.Status, 'InProgress')
  alarmStates.set('errors', 'ALARM')
  await rest(1)
  assert.equal((await refreshes())[0]?.Status, 'Failed')
  assert.match((await refreshes())[0]?.StatusReason ?? '', /alarm errors is in ALARM/)
  alarmStates.set('errors', 'INSUFFICIENT_DATA')
  await rest()
  await clock.advance(1000)
  const Preferences = { AlarmSpecification, AutoRollback: true, BakeTime: 600 }
  await ask('StartInstanceRefresh', { ...toVersion2, Preferences })
  await rest(60)
  assert.equal((await refreshes())[0]?.Status, 'Baking')
  assert.deepEqual(await versions(), ['2', '2'])
  alarmStates.set('errors', 'ALARM')
  await rest(60)
  assert.equal((await refreshes())[0]?.Status, 'RollbackSuccessful')
  assert.deepEqual(await versions(), ['1', '1'])
  assert.equal((await group())?.LaunchTemplate?.Version, '1')
})

test('a refresh waits for what stands by, ends it, or lets it be', async () => {
  const { ask, rest, staff, refreshes, instances, clock } = await world()
  const started = async (StandbyInstances?: string) => {
    await clock.advance(1000)
    const Preferences = { MinHealthyPercentage: 0, ...(StandbyInstances && { StandbyInstances }) }
    await ask('StartInstanceRefresh', { Preferences })
    await rest(60)
    return (await refreshes())[0]
  }
  const id = (await staff())[0]?.InstanceId ?? ''
  await ask('EnterStandby', { InstanceIds: [id], ShouldDecrementDesiredCapacity: true })
  await rest()
  const ignoring = await started('Ignore')
  assert.deepEqual([ignoring?.Status, ignoring?.PercentageComplete], ['Successful', 100])
  const waiting = await started()
  assert.equal(waiting?.Preferences?.StandbyInstances, 'Wait')
  assert.deepEqual([waiting?.Status, waiting?.PercentageComplete], ['InProgress', 50])
  assert.ok(!instances.terminated.includes(id))
  await ask('ExitStandby', { InstanceIds: [id] })
  await rest(60)
  assert.equal((await refreshes())[0]?.Status, 'Successful')
  assert.ok(instances.terminated.includes(id), 'back in service it is replaced')
  const other = (await staff())[0]?.InstanceId ?? ''
  await ask('EnterStandby', { InstanceIds: [other], ShouldDecrementDesiredCapacity: true })
  await rest()
  assert.equal((await started('Terminate'))?.Status, 'Successful')
  assert.ok(instances.terminated.includes(other))
  assert.equal((await staff()).length, 1)
})

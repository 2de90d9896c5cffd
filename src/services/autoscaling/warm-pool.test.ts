import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DescribeWarmPoolAnswer, LifecycleHook } from '@aws-sdk/client-auto-scaling'
import { autoScalingWorld, basicGroup } from '../../testing/auto-scaling-world.ts'
import { call } from '../../testing/fake-request.ts'

async function worldWithPool(pool: object = {}, group: object = {}) {
  const world = autoScalingWorld()
  const { service, ask, rest } = world
  await call(service, 'CreateAutoScalingGroup', { ...basicGroup, DesiredCapacity: 1, ...group })
  await ask('PutWarmPool', pool)
  await rest()
  const shown = () => ask<DescribeWarmPoolAnswer>('DescribeWarmPool')
  const states = async () =>
    ((await shown()).Instances ?? []).map(({ LifecycleState }) => LifecycleState)
  return { ...world, shown, states }
}

test('a pool is shown with its group, and its instances apart from the group', async () => {
  const { shown, staff, group, service, activities } = await worldWithPool()
  const pool = await shown()
  assert.deepEqual(pool.WarmPoolConfiguration, { MinSize: 0, PoolState: 'Stopped' })
  assert.deepEqual(
    pool.Instances?.map(({ LifecycleState }) => LifecycleState),
    ['Warmed:Stopped', 'Warmed:Stopped', 'Warmed:Stopped'],
  )
  assert.equal((await staff()).length, 1)
  const described = await group()
  assert.equal(described?.WarmPoolSize, 3)
  assert.deepEqual(described?.WarmPoolConfiguration, pool.WarmPoolConfiguration)
  const { AutoScalingInstances: all } = await call<{ AutoScalingInstances: object[] }>(
    service,
    'DescribeAutoScalingInstances',
    {},
  )
  assert.equal(all.length, 4)
  const into = (await activities()).filter(({ Description = '' }) =>
    Description.startsWith('Launching a new EC2 instance into warm pool: i-'),
  )
  assert.deepEqual(
    into.map(({ StatusCode }) => StatusCode),
    ['Successful', 'Successful', 'Successful'],
  )
})

test('a group that grows takes prepared instances, and says where they came from', async () => {
  const { ask, rest, states, staff, instances, activities } = await worldWithPool()
  const launched = instances.launched.length
  await ask('SetDesiredCapacity', { DesiredCapacity: 3 })
  await rest()
  assert.deepEqual(
    (await staff()).map(({ LifecycleState }) => LifecycleState),
    ['InService', 'InService', 'InService'],
  )
  assert.deepEqual(await states(), ['Warmed:Stopped'])
  assert.equal(instances.launched.length, launched, 'nothing was launched for it')
  const [first] = await activities()
  assert.match(first?.Description ?? '', /^Launching a new EC2 instance from warm pool: i-/)
  assert.match(first?.Cause ?? '', /increasing the capacity from 1 to 3/)
})

test('hooks hold at the pool and at the group, and name where an instance comes from and goes to', async () => {
  const world = autoScalingWorld()
  const { service, ask, rest, events, staff } = world
  const hook: LifecycleHook = {
    LifecycleHookName: 'boot',
    LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
    HeartbeatTimeout: 600,
  }
  await call(service, 'CreateAutoScalingGroup', {
    ...basicGroup,
    MinSize: 0,
    MaxSize: 1,
    DesiredCapacity: 0,
    LifecycleHookSpecificationList: [
      hook,
      {
        ...hook,
        LifecycleHookName: 'leave',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      },
    ],
  })
  await ask('PutWarmPool', { InstanceReusePolicy: { ReuseOnScaleIn: true } })
  await rest()
  const routes = () =>
    events
      .filter(({ detailType }) => detailType.endsWith('Lifecycle Action'))
      .map(({ detail }) => `${String(detail['Origin'])} > ${String(detail['Destination'])}`)
  const shown = async () => (await ask<DescribeWarmPoolAnswer>('DescribeWarmPool')).Instances?.[0]
  const complete = async (name: string, result = 'CONTINUE') => {
    const instance = (await shown()) ?? (await staff())[0]
    await ask('CompleteLifecycleAction', {
      LifecycleHookName: name,
      InstanceId: instance?.InstanceId,
      LifecycleActionResult: result,
    })
    await rest()
  }
  assert.equal((await shown())?.LifecycleState, 'Warmed:Pending:Wait')
  await complete('boot')
  assert.equal((await shown())?.LifecycleState, 'Warmed:Stopped')
  await ask('SetDesiredCapacity', { DesiredCapacity: 1 })
  await rest()
  assert.equal((await staff())[0]?.LifecycleState, 'Pending:Wait')
  await complete('boot')
  assert.equal((await staff())[0]?.LifecycleState, 'InService')
  await ask('SetDesiredCapacity', { DesiredCapacity: 0 })
  await rest()
  assert.equal((await shown())?.LifecycleState, 'Warmed:Pending:Wait')
  await complete('leave')
  assert.equal((await shown())?.LifecycleState, 'Warmed:Stopped')
  await ask('DeleteWarmPool')
  await rest()
  assert.equal((await shown())?.LifecycleState, 'Warmed:Terminating:Wait')
  assert.deepEqual(routes(), [
    'EC2 > WarmPool',
    'WarmPool > AutoScalingGroup',
    'AutoScalingGroup > WarmPool',
    'WarmPool > EC2',
  ])
})

test('a pool is deleted with its instances, at once by force; the group stays', async () => {
  const { ask, rest, shown, staff, instances } = await worldWithPool({ PoolState: 'Running' })
  await ask('DeleteWarmPool')
  assert.equal((await shown()).WarmPoolConfiguration?.Status, 'PendingDelete')
  await assert.rejects(ask('PutWarmPool'), { code: 'ScalingActivityInProgressFault' })
  await rest()
  assert.deepEqual(await shown(), { Instances: [] })
  await assert.rejects(ask('DeleteWarmPool'), /No warm pool found/)
  await ask('PutWarmPool', { MinSize: 1 })
  await rest()
  await ask('DeleteWarmPool', { ForceDelete: true })
  assert.equal((await shown()).WarmPoolConfiguration, undefined)
  await rest()
  assert.equal((await shown()).Instances?.length, 0)
  assert.equal((await staff()).length, 1)
  assert.equal(instances.terminated.length, 6)
})

test('what cannot be honoured is refused by name', async () => {
  const { ask, shown, service } = await worldWithPool({ MinSize: 2, MaxGroupPreparedCapacity: 3 })
  const refused: readonly [object, RegExp][] = [
    [{ PoolState: 'Hibernated' }, /PoolState Hibernated is not supported here/],
    [{ PoolState: 'Hot' }, /'poolState' failed to satisfy constraint/],
    [{ MinSize: -1 }, /MinSize must be a whole number/],
    [{ MaxGroupPreparedCapacity: -2 }, /MaxGroupPreparedCapacity must be a whole number/],
    [{ AutoScalingGroupName: 'other' }, /AutoScalingGroup other not found/],
  ]
  for (const [input, message] of refused) await assert.rejects(ask('PutWarmPool', input), message)
  const [instance] = (await shown()).Instances ?? []
  const InstanceId = instance?.InstanceId
  const words = /cannot be called on instances in a warm pool/
  const protection = { InstanceIds: [InstanceId], ProtectedFromScaleIn: true }
  await assert.rejects(ask('SetInstanceProtection', protection), words)
  const end = { InstanceId, ShouldDecrementDesiredCapacity: false }
  await assert.rejects(call(service, 'TerminateInstanceInAutoScalingGroup', end), words)
  assert.deepEqual((await shown()).WarmPoolConfiguration, {
    MaxGroupPreparedCapacity: 3,
    MinSize: 2,
    PoolState: 'Stopped',
  })
})

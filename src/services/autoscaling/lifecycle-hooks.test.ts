import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LifecycleHook } from '@aws-sdk/client-auto-scaling'
import { autoScalingWorld, basicGroup } from '../../testing/auto-scaling-world.ts'
import { call } from '../../testing/fake-request.ts'

const launching = {
  LifecycleHookName: 'boot',
  LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
  HeartbeatTimeout: 60,
}
const terminating = {
  LifecycleHookName: 'logs',
  LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
  HeartbeatTimeout: 60,
  DefaultResult: 'CONTINUE',
}

test('a launch is held until its action is completed, and told as an event with its token', async () => {
  const { service, rest, staff, ask, events, targets } = autoScalingWorld()
  await call(service, 'CreateAutoScalingGroup', {
    ...basicGroup,
    DesiredCapacity: 1,
    LifecycleHookSpecificationList: [{ ...launching, NotificationMetadata: 'hello' }],
  })
  await rest()
  const [held] = await staff()
  assert.equal(held?.LifecycleState, 'Pending:Wait')
  assert.deepEqual(
    [...targets.groups.values()].flatMap((group) => [...group.keys()]),
    [],
  )
  const event = events.find(({ detailType }) => detailType.endsWith('Lifecycle Action'))
  assert.equal(event?.detailType, 'EC2 Instance-launch Lifecycle Action')
  assert.equal(event?.detail['EC2InstanceId'], held?.InstanceId)
  assert.equal(event?.detail['NotificationMetadata'], 'hello')
  const action = { LifecycleHookName: 'boot', LifecycleActionResult: 'CONTINUE' }
  await assert.rejects(
    ask('CompleteLifecycleAction', { ...action, LifecycleActionToken: 'none' }),
    /No active Lifecycle Action found with token none/,
  )
  await assert.rejects(
    ask('CompleteLifecycleAction', { ...action, InstanceId: 'i-0' }),
    /No active Lifecycle Action found with instance ID i-0/,
  )
  await assert.rejects(
    ask('CompleteLifecycleAction', { ...action, LifecycleHookName: 'x', InstanceId: 'i-0' }),
    /Lifecycle Hook x not found/,
  )
  const token = String(event?.detail['LifecycleActionToken'])
  await ask('CompleteLifecycleAction', { ...action, LifecycleActionToken: token })
  assert.equal((await staff())[0]?.LifecycleState, 'Pending:Proceed')
  await rest()
  assert.equal((await staff())[0]?.LifecycleState, 'InService')
})

test('the hooks that a group is made with tell their targets, first of all that they are targets', async () => {
  const { service, rest, told } = autoScalingWorld()
  const target = 'arn:aws:sns:us-east-1:000000000000:scaling'
  const role = 'arn:aws:iam::000000000000:role/scaling'
  await call(service, 'CreateAutoScalingGroup', {
    ...basicGroup,
    DesiredCapacity: 1,
    LifecycleHookSpecificationList: [
      { ...launching, NotificationTargetARN: target, RoleARN: role },
    ],
  })
  assert.deepEqual(
    told.map(({ targetArn }) => targetArn),
    [target],
  )
  await rest()
  assert.ok(told.length > 1)
  assert.match(told.at(-1)?.message ?? '', /EC2_INSTANCE_LAUNCHING/)
})

test('heartbeats hold on; without them the default ends the hold, and an abandoned launch is replaced', async () => {
  const { service, rest, staff, ask, clock, activities } = autoScalingWorld()
  await call(service, 'CreateAutoScalingGroup', { ...basicGroup, DesiredCapacity: 1 })
  await ask('PutLifecycleHook', launching)
  await rest()
  const first = (await staff())[0]?.InstanceId
  for (let beat = 0; beat < 3; beat++) {
    await clock.advance(50_000)
    await ask('RecordLifecycleActionHeartbeat', { LifecycleHookName: 'boot', InstanceId: first })
    await rest(3)
  }
  assert.equal((await staff())[0]?.InstanceId, first)
  await clock.advance(61_000)
  await rest(5)
  await clock.advance(2000)
  await rest()
  const [next, ...others] = await staff()
  assert.deepEqual(others, [])
  assert.notEqual(next?.InstanceId, first)
  assert.equal(next?.LifecycleState, 'Pending:Wait')
  const failed = (await activities()).find(({ StatusCode }) => StatusCode === 'Failed')
  assert.match(failed?.StatusMessage ?? '', /Lifecycle Action/)
})

test('a departure is held after its draining, and goes on by the default', async () => {
  const { service, rest, staff, ask, clock, instances, events } = autoScalingWorld()
  await call(service, 'CreateAutoScalingGroup', { ...basicGroup, TargetGroupARNs: [] })
  await ask('PutLifecycleHook', terminating)
  await rest()
  await ask('SetDesiredCapacity', { DesiredCapacity: 1 })
  await rest()
  assert.deepEqual((await staff()).map(({ LifecycleState }) => String(LifecycleState)).toSorted(), [
    'InService',
    'Terminating:Wait',
  ])
  assert.deepEqual(instances.terminated, [])
  assert.equal(events.at(-1)?.detailType, 'EC2 Instance-terminate Lifecycle Action')
  await clock.advance(60_000)
  await rest()
  assert.equal((await staff()).length, 1)
  assert.equal(instances.terminated.length, 1)
})

test('hooks are listed and removed; their holds end as AWS ends them', async () => {
  const { service, rest, staff, ask } = autoScalingWorld()
  await call(service, 'CreateAutoScalingGroup', basicGroup)
  await ask('PutLifecycleHook', { ...terminating, HeartbeatTimeout: undefined })
  const { LifecycleHooks } = await ask<{ LifecycleHooks: LifecycleHook[] }>(
    'DescribeLifecycleHooks',
  )
  assert.deepEqual(LifecycleHooks, [
    {
      LifecycleHookName: 'logs',
      AutoScalingGroupName: 'web',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      HeartbeatTimeout: 3600,
      GlobalTimeout: 172_800,
      DefaultResult: 'CONTINUE',
    },
  ])
  await rest()
  await ask('SetDesiredCapacity', { DesiredCapacity: 1 })
  await rest()
  assert.equal((await staff()).length, 2)
  await ask('DeleteLifecycleHook', { LifecycleHookName: 'logs' })
  await rest()
  assert.equal((await staff()).length, 1)
  await assert.rejects(ask('DeleteLifecycleHook', { LifecycleHookName: 'logs' }), /not found/)
  await assert.rejects(
    ask('PutLifecycleHook', {
      ...launching,
      NotificationTargetARN: 'arn:aws:sns:us-east-1:000000000000:none',
    }),
    /notification target .*:none: there is no such topic/,
  )
  await assert.rejects(ask('PutLifecycleHook', { ...launching, HeartbeatTimeout: 7 }), /Heartbeat/)
})

test('a group that is deleted by force waits for no hook', async () => {
  const { service, rest, group, ask } = autoScalingWorld()
  await call(service, 'CreateAutoScalingGroup', basicGroup)
  await ask('PutLifecycleHook', terminating)
  await rest()
  await ask('DeleteAutoScalingGroup', { ForceDelete: true })
  await rest()
  assert.equal(await group(), undefined)
})

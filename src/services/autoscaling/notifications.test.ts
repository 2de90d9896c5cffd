import assert from 'node:assert/strict'
import { test } from 'node:test'
import { autoScalingWorld, basicGroup } from '../../testing/auto-scaling-world.ts'

const topicArn = 'arn:aws:sns:us-east-1:000000000000:groups'
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:holds'
const launched = 'autoscaling:EC2_INSTANCE_LAUNCH'
const ended = 'autoscaling:EC2_INSTANCE_TERMINATE'

function eventsOf(told: readonly { readonly message: string }[]): readonly string[] {
  return told.map(({ message }) => (JSON.parse(message) as { Event: string }).Event)
}

test('a topic hears of what began after it was named, once', async () => {
  const { ask, rest, told, clock, staff } = autoScalingWorld()
  await ask('CreateAutoScalingGroup', basicGroup)
  await rest()
  await clock.advance(1000)
  const TopicARN = topicArn
  const NotificationTypes = [launched, ended, 'autoscaling:TEST_NOTIFICATION']
  await ask('PutNotificationConfiguration', { TopicARN, NotificationTypes })
  assert.deepEqual(eventsOf(told), ['autoscaling:TEST_NOTIFICATION'])
  await rest()
  assert.equal(told.length, 1)
  await clock.advance(1000)
  await ask('SetDesiredCapacity', { DesiredCapacity: 3 })
  await rest()
  assert.deepEqual(eventsOf(told.slice(1)), [launched])
  const message = JSON.parse(told[1]?.message ?? '{}') as Record<string, unknown>
  const ids = (await staff()).map(({ InstanceId }) => InstanceId)
  assert.ok(ids.includes(String(message['EC2InstanceId'])))
  assert.deepEqual(
    [told[1]?.subject, message['StatusCode'], message['Progress'], message['Service']],
    ['Auto Scaling: launch for group "web"', 'Successful', 100, 'AWS Auto Scaling'],
  )
  await ask('SetDesiredCapacity', { DesiredCapacity: 2 })
  await rest()
  await clock.advance(600_000)
  await rest()
  assert.deepEqual(eventsOf(told.slice(2)), [ended])
  type Rows = { NotificationConfigurations: Record<string, string>[] }
  const rows = await ask<Rows>('DescribeNotificationConfigurations', {
    AutoScalingGroupName: undefined,
  })
  assert.equal(rows.NotificationConfigurations.length, 3)
  await ask('DeleteNotificationConfiguration', { TopicARN })
  await ask('SetDesiredCapacity', { DesiredCapacity: 3 })
  await rest()
  assert.equal(told.length, 3)
})

test('a hook’s target hears of each hold, with the token that ends it', async () => {
  const { ask, rest, told, staff } = autoScalingWorld()
  await ask('CreateAutoScalingGroup', { ...basicGroup, DesiredCapacity: 1, MinSize: 0 })
  await rest()
  const LifecycleTransition = 'autoscaling:EC2_INSTANCE_LAUNCHING'
  const hook = { LifecycleHookName: 'warm', LifecycleTransition, NotificationMetadata: 'mine' }
  await ask('PutLifecycleHook', { ...hook, NotificationTargetARN: queueArn })
  await ask('SetDesiredCapacity', { DesiredCapacity: 2 })
  await rest()
  assert.deepEqual(
    told.map(({ targetArn }) => targetArn),
    [queueArn, queueArn],
  )
  const held = JSON.parse(told[1]?.message ?? '{}') as Record<string, string>
  assert.deepEqual(
    [held['LifecycleTransition'], held['NotificationMetadata'], held['AutoScalingGroupName']],
    [LifecycleTransition, 'mine', 'web'],
  )
  await ask('CompleteLifecycleAction', {
    ...{ LifecycleHookName: 'warm', LifecycleActionResult: 'CONTINUE' },
    LifecycleActionToken: held['LifecycleActionToken'],
  })
  await rest()
  const states = (await staff()).map(({ LifecycleState }) => LifecycleState)
  assert.deepEqual(states, ['InService', 'InService'])
  assert.equal(told.length, 2)
})

test('targets and types that cannot be told are refused', async () => {
  const { ask } = autoScalingWorld()
  await ask('CreateAutoScalingGroup', basicGroup)
  const put = (TopicARN: string, type: string): Promise<unknown> =>
    ask('PutNotificationConfiguration', { TopicARN, NotificationTypes: [type] })
  await assert.rejects(put('arn:aws:sns:us-east-1:000000000000:none', launched), /no such topic/)
  await assert.rejects(put(topicArn, 'often'), /not often/)
  await assert.rejects(put(queueArn, launched), /Invalid SNS topic ARN/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DescribeTrafficSourcesCommandOutput } from '@aws-sdk/client-auto-scaling'
import { autoScalingWorld, basicGroup, targetGroup } from '../../testing/auto-scaling-world.ts'

test('a traffic source is attached, told of with its state, and detached', async () => {
  const { ask, rest, targets } = autoScalingWorld()
  await ask('CreateAutoScalingGroup', { ...basicGroup, DesiredCapacity: 1, TargetGroupARNs: [] })
  await rest()
  const told = (input: object = {}) =>
    ask<DescribeTrafficSourcesCommandOutput>('DescribeTrafficSources', input)
  assert.deepEqual(await told(), { TrafficSources: [] })
  const TrafficSources = [{ Identifier: targetGroup, Type: 'elbv2' }]
  await ask('AttachTrafficSources', { TrafficSources })
  assert.equal((await told()).TrafficSources?.[0]?.State, 'Adding')
  await rest()
  assert.deepEqual((await told({ TrafficSourceType: 'elbv2' })).TrafficSources, [
    { TrafficSource: targetGroup, Identifier: targetGroup, Type: 'elbv2', State: 'InService' },
  ])
  assert.deepEqual(await told({ TrafficSourceType: 'elb' }), { TrafficSources: [] })
  await ask('DetachTrafficSources', { TrafficSources: [{ Identifier: targetGroup }] })
  await rest()
  assert.deepEqual(await told(), { TrafficSources: [] })
  assert.deepEqual(await targets.list(undefined as never, targetGroup), [])
})

test('what is no traffic source, or is not attached, is refused by its name', async () => {
  const { ask } = autoScalingWorld()
  await ask('CreateAutoScalingGroup', { ...basicGroup, TargetGroupARNs: [] })
  const strange = targetGroup.replace('web', 'strange')
  for (const [operation, Identifier, Type, words] of [
    ['AttachTrafficSources', strange, 'elbv2', /strange/],
    ['AttachTrafficSources', 'none', 'elb', /none/],
    ['AttachTrafficSources', targetGroup, 'vpc-lattice', /vpc-lattice/],
    ['DetachTrafficSources', targetGroup, 'elbv2', /is not attached/],
    ['DetachTrafficSources', 'classic', undefined, /classic is not attached/],
  ] as const) {
    await assert.rejects(ask(operation, { TrafficSources: [{ Identifier, Type }] }), {
      name: 'ValidationError',
      message: words,
    })
  }
})

test('a group is created with traffic sources, each once', async () => {
  const { ask, rest, staff } = autoScalingWorld()
  const TrafficSources = [{ Identifier: targetGroup, Type: 'elbv2' }]
  await ask('CreateAutoScalingGroup', { ...basicGroup, TrafficSources })
  await rest()
  const { TrafficSources: told = [] } =
    await ask<DescribeTrafficSourcesCommandOutput>('DescribeTrafficSources')
  assert.deepEqual(
    told.map(({ Identifier, State }) => [Identifier, State]),
    [[targetGroup, 'InService']],
  )
  assert.equal((await staff()).length, 2)
  const strange = [{ Identifier: targetGroup.replace('web', 'strange'), Type: 'elbv2' }]
  await assert.rejects(
    ask('CreateAutoScalingGroup', {
      ...{ ...basicGroup, AutoScalingGroupName: 'other', TrafficSources: strange },
    }),
    /strange/,
  )
})

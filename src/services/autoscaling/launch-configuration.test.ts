import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LaunchConfiguration } from '@aws-sdk/client-auto-scaling'
import { autoScalingWorld, basicGroup, scope } from '../../testing/auto-scaling-world.ts'
import { call } from '../../testing/fake-request.ts'
import type { ResourceContext, ResourceType } from '../../stacks/resource-type.ts'
import { autoscalingResourceTypes } from './index.ts'

const configuration = {
  LaunchConfigurationName: 'web-1',
  ImageId: 'ami-7',
  InstanceType: 't3.small',
  SecurityGroups: ['sg-1'],
  UserData: 'ZWNobw==',
  InstanceMonitoring: { Enabled: false },
}
const { LaunchTemplate: _template, ...withoutTemplate } = basicGroup

test('a group launches from a launch configuration, and moves to a template', async () => {
  const { service, rest, group, ask, instances } = autoScalingWorld()
  await call(service, 'CreateLaunchConfiguration', configuration)
  await assert.rejects(call(service, 'CreateLaunchConfiguration', configuration), {
    code: 'AlreadyExistsFault',
  })
  await ask('CreateAutoScalingGroup', { ...withoutTemplate, LaunchConfigurationName: 'web-1' })
  await rest()
  const made = await group()
  assert.equal(made?.LaunchConfigurationName, 'web-1')
  assert.equal(made?.LaunchTemplate, undefined)
  const [first] = made?.Instances ?? []
  assert.equal(first?.LaunchConfigurationName, 'web-1')
  const launched = await instances.find(scope, first?.InstanceId ?? '')
  assert.equal(launched?.value.imageId, 'ami-7')
  assert.equal(launched?.value.instanceType, 't3.small')
  const name = { LaunchConfigurationName: 'web-1' }
  await assert.rejects(call(service, 'DeleteLaunchConfiguration', name), {
    code: 'ResourceInUseFault',
  })
  const listed = await call<{ LaunchConfigurations: LaunchConfiguration[] }>(
    service,
    'DescribeLaunchConfigurations',
    {},
  )
  assert.equal(listed.LaunchConfigurations[0]?.UserData, 'ZWNobw==')
  await ask('UpdateAutoScalingGroup', { LaunchTemplate: { LaunchTemplateId: 'lt-1' } })
  assert.equal((await group())?.LaunchTemplate?.LaunchTemplateId, 'lt-1')
  await call(service, 'DeleteLaunchConfiguration', name)
  await assert.rejects(call(service, 'DeleteLaunchConfiguration', name), /web-1 not found/)
})

test('a launch configuration with a price launches on spot, and allows no warm pool', async () => {
  const { service, rest, instances, ask } = autoScalingWorld()
  await call(service, 'CreateLaunchConfiguration', { ...configuration, SpotPrice: '0.2' })
  const { LaunchTemplate: _, ...sized } = basicGroup
  const { LaunchConfigurationName } = configuration
  await call(service, 'CreateAutoScalingGroup', { ...sized, LaunchConfigurationName })
  await rest()
  const prices = (await instances.list(scope)).map(({ value }) => value.spot?.maxPrice)
  assert.deepEqual(prices, ['0.2', '0.2'])
  await assert.rejects(ask('PutWarmPool', {}), { message: /instances on spot/ })
})

test('bad launch configurations are refused', async () => {
  const { service } = autoScalingWorld()
  const refusals: readonly (readonly [object, RegExp])[] = [
    [{ ImageId: undefined }, /both the ImageId and InstanceType/],
    [{ SecurityGroups: ['web'] }, /security group 'web' is not an id/],
    [{ UserData: '{}' }, /BASE64/],
    [{ SpotPrice: 'free' }, /SpotPrice free is not a price/],
    [{ InstanceMonitoring: { Enabled: true } }, /InstanceMonitoring/],
  ]
  for (const [change, message] of refusals) {
    const input = { ...configuration, ...change }
    await assert.rejects(call(service, 'CreateLaunchConfiguration', input), message)
  }
})

function stackContext(logicalId: string): ResourceContext {
  return {
    scope,
    stackName: 'site',
    stackId: 'stack-1',
    logicalId,
    token: logicalId.toLowerCase(),
    tags: [],
    physicalName: () => `site-${logicalId}-1`,
    async started() {},
    signal: new AbortController().signal,
    async until() {
      throw new Error('nothing here is waited for')
    },
  }
}

test('the CloudFormation types make each thing once, change it, and take it away', async () => {
  const { service, scale } = autoScalingWorld()
  const types = autoscalingResourceTypes({ scale })
  const typeOf = (name: string): ResourceType => {
    const type = types.find((each) => each.name === `AWS::AutoScaling::${name}`)
    assert.ok(type)
    return type
  }
  await call(service, 'CreateAutoScalingGroup', basicGroup)
  const of = { AutoScalingGroupName: 'web' }
  const cases = [
    ['LaunchConfiguration', { ImageId: 'ami-1', InstanceType: 't3.micro' }, undefined],
    [
      'LifecycleHook',
      { ...of, LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING' },
      { HeartbeatTimeout: 60 },
    ],
    [
      'ScalingPolicy',
      { ...of, AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: 1 },
      { ScalingAdjustment: 2 },
    ],
    ['ScheduledAction', { ...of, Recurrence: '0 0 * * *', MinSize: 1 }, { MinSize: 2 }],
  ] as const
  for (const [name, properties, change] of cases) {
    const type = typeOf(name)
    const context = stackContext(name)
    const made = await type.create(properties, context)
    assert.deepEqual(await type.create(properties, context), made, name)
    const { physicalId } = made
    if (change) {
      const after = { ...properties, ...change }
      const changed = await type.update?.({ physicalId, before: properties, after }, context)
      assert.equal(changed?.physicalId, physicalId)
    }
    if (name === 'ScalingPolicy') {
      assert.match(physicalId, /policyName\/site-ScalingPolicy-1$/)
      const [policy] = await scale.policies(scope)
      assert.equal(policy?.rule.type === 'SimpleScaling' && policy.rule.adjustment, 2)
    }
    await type.remove({ physicalId, properties }, context)
    await type.remove({ physicalId, properties }, context)
  }
  assert.deepEqual(await scale.policies(scope), [])
  assert.deepEqual(await scale.scheduledActions(scope), [])
  assert.deepEqual(await scale.configurations(scope), [])
  assert.deepEqual((await scale.find(scope, 'web'))?.lifecycleHooks, [])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Activity, AutoScalingInstanceDetails } from '@aws-sdk/client-auto-scaling'
import type { ResourceContext } from '../../stacks/resource-type.ts'
import {
  autoScalingWorld,
  basicGroup,
  scope,
  targetGroup,
} from '../../testing/auto-scaling-world.ts'
import { call } from '../../testing/fake-request.ts'
import { autoscalingResourceTypes } from './index.ts'

test('a group is created, described, resized and deleted', async () => {
  const { service, rest, group, clock } = autoScalingWorld()
  await call(service, 'CreateAutoScalingGroup', basicGroup)
  await rest()
  const made = await group()
  assert.equal(made?.Instances?.length, 2)
  assert.ok(made?.Instances?.every((instance) => instance.LifecycleState === 'InService'))
  assert.deepEqual(made?.AvailabilityZones, ['us-east-1a', 'us-east-1b'])
  assert.equal(made?.VPCZoneIdentifier, 'subnet-a,subnet-b')
  assert.equal(made?.DefaultCooldown, 300)
  assert.match(
    made?.AutoScalingGroupARN ?? '',
    /^arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup:[0-9a-f-]{36}:autoScalingGroupName\/web$/,
  )
  await clock.advance(10_000)
  await call(service, 'UpdateAutoScalingGroup', {
    AutoScalingGroupName: 'web',
    MinSize: 1,
    MaxSize: 3,
    DesiredCapacity: 3,
  })
  await rest()
  const { Activities } = await call<{ Activities: Activity[] }>(
    service,
    'DescribeScalingActivities',
    { AutoScalingGroupName: 'web' },
  )
  assert.equal(Activities.length, 3)
  assert.equal(
    Activities[0]?.Cause,
    'At 2026-11-22T10:00:10Z a user request update of AutoScalingGroup constraints to min: 1, max: 3, desired: 3 changing' +
      ' the desired capacity from 2 to 3.  At 2026-11-22T10:00:10Z an instance was started in response to a difference' +
      ' between desired and actual capacity, increasing the capacity from 2 to 3.',
  )
  assert.equal(Activities[0]?.StatusCode, 'Successful')
  const first = await call<{ Activities: Activity[]; NextToken: string }>(
    service,
    'DescribeScalingActivities',
    { MaxRecords: 2 },
  )
  const second = await call<{ Activities: Activity[]; NextToken?: string }>(
    service,
    'DescribeScalingActivities',
    { MaxRecords: 2, NextToken: first.NextToken },
  )
  assert.deepEqual([...first.Activities, ...second.Activities], Activities)
  assert.equal(second.NextToken, undefined)
  await assert.rejects(call(service, 'DeleteAutoScalingGroup', { AutoScalingGroupName: 'web' }), {
    code: 'ResourceInUseFault',
  })
  await call(service, 'DeleteAutoScalingGroup', { AutoScalingGroupName: 'web', ForceDelete: true })
  assert.equal((await group())?.Status, 'Delete in progress')
  await assert.rejects(
    call(service, 'SetDesiredCapacity', { AutoScalingGroupName: 'web', DesiredCapacity: 1 }),
    { code: 'ScalingActivityInProgressFault' },
  )
  await rest()
  assert.equal(await group(), undefined)
})

function weighing(...weights: readonly (string | undefined)[]) {
  const types = ['c5.large', 't3.micro', 'm5.large']
  return {
    LaunchTemplate: {
      LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '$Latest' },
      Overrides: weights.map((WeightedCapacity, index) => ({
        InstanceType: types[index],
        ...(WeightedCapacity !== undefined && { WeightedCapacity }),
      })),
    },
  }
}

test('sizes are units of what types weigh, and follow when the weights change', async () => {
  const { service, ask, rest, staff, group } = autoScalingWorld()
  const { LaunchTemplate: _, ...sized } = { ...basicGroup, MinSize: 2, MaxSize: 10 }
  const MixedInstancesPolicy = weighing('4', '1')
  await call(service, 'CreateAutoScalingGroup', {
    ...sized,
    ...{ MixedInstancesPolicy, DesiredCapacity: 5 },
  })
  await rest()
  const weights = async () => (await staff()).map((each) => each.WeightedCapacity)
  assert.deepEqual(await weights(), ['4', '4'])
  const shown = (await group())?.MixedInstancesPolicy?.LaunchTemplate?.Overrides
  assert.deepEqual(shown, MixedInstancesPolicy.LaunchTemplate.Overrides)
  await ask('SetDesiredCapacity', { DesiredCapacity: 10 })
  await rest()
  assert.deepEqual(await weights(), ['4', '4', '4'])
  const [first] = await staff()
  await ask('EnterStandby', {
    InstanceIds: [first?.InstanceId],
    ShouldDecrementDesiredCapacity: true,
  })
  assert.equal((await group())?.DesiredCapacity, 6)
  await ask('UpdateAutoScalingGroup', { MixedInstancesPolicy: weighing('2', '1') })
  await rest()
  assert.deepEqual(await weights(), ['2', '2', '2', '2'])
  const [, , third, fourth] = await staff()
  const gone = fourth?.LifecycleState === 'InService' ? fourth : third
  await call(service, 'TerminateInstanceInAutoScalingGroup', {
    ...{ InstanceId: gone?.InstanceId, ShouldDecrementDesiredCapacity: true },
  })
  assert.equal((await group())?.DesiredCapacity, 4)
  await assert.rejects(ask('PutWarmPool', {}), {
    message: /add a warm pool .* of different weights/,
  })
})

test('a group is on demand and on spot as its distribution says, and follows when that changes', async () => {
  const { service, ask, rest, staff, instances } = autoScalingWorld()
  const { LaunchTemplate: _, ...sized } = { ...basicGroup, DesiredCapacity: 4, MaxSize: 8 }
  const policy = (OnDemandBaseCapacity: number, OnDemandPercentageAboveBaseCapacity: number) => ({
    ...weighing(undefined, undefined),
    InstancesDistribution: {
      ...{ OnDemandBaseCapacity, OnDemandPercentageAboveBaseCapacity },
      SpotMaxPrice: '0.5',
    },
  })
  const MixedInstancesPolicy = policy(1, 50)
  await call(service, 'CreateAutoScalingGroup', { ...sized, MixedInstancesPolicy })
  await rest()
  const markets = async () => {
    const ids = (await staff()).map((each) => each.InstanceId)
    const all = await instances.list(scope)
    const own = all.filter((record) => ids.includes(record.id))
    return own.map(({ value }) => value.spot?.maxPrice ?? 'on demand').toSorted()
  }
  assert.deepEqual(await markets(), ['0.5', 'on demand', 'on demand', 'on demand'])
  await ask('UpdateAutoScalingGroup', { MixedInstancesPolicy: policy(0, 25) })
  await rest(80)
  assert.deepEqual(await markets(), ['0.5', '0.5', '0.5', 'on demand'])
  await assert.rejects(ask('PutWarmPool', {}), { message: /instances on spot/ })
})

test('a type that is no longer named keeps its weight, and what an update does not name stays', async () => {
  const { service, ask, rest, staff, group } = autoScalingWorld()
  const { LaunchTemplate: _, ...sized } = { ...basicGroup, MaxSize: 10, DesiredCapacity: 6 }
  const MixedInstancesPolicy = weighing('3', '1')
  await call(service, 'CreateAutoScalingGroup', { ...sized, MixedInstancesPolicy })
  await rest()
  const Overrides = [{ InstanceType: 't3.micro', WeightedCapacity: '2' }]
  await ask('UpdateAutoScalingGroup', {
    MixedInstancesPolicy: { LaunchTemplate: { Overrides } },
    DesiredCapacity: 7,
  })
  await rest()
  const kinds = (await staff()).map((each) => `${each.InstanceType} ${each.WeightedCapacity}`)
  assert.deepEqual(kinds.toSorted(), ['c5.large 3', 'c5.large 3', 't3.micro 2'])
  const policy = (await group())?.MixedInstancesPolicy?.LaunchTemplate
  assert.equal(policy?.LaunchTemplateSpecification?.LaunchTemplateName, 'web')
  assert.deepEqual(policy?.Overrides, Overrides)
})

test('bad input is refused in the words of AWS, and makes nothing', async () => {
  const { service, scale } = autoScalingWorld()
  const refusals: readonly (readonly [object, RegExp])[] = [
    [
      { MixedInstancesPolicy: {} },
      /either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy/,
    ],
    [
      { LaunchTemplate: undefined, MixedInstancesPolicy: {} },
      /must contain a launch template specification/,
    ],
    [
      {
        LaunchTemplate: undefined,
        MixedInstancesPolicy: {
          InstancesDistribution: { OnDemandAllocationStrategy: 'lowest-price' },
        },
      },
      /InstancesDistribution\.OnDemandAllocationStrategy .* is not supported/,
    ],
    [
      {
        LaunchTemplate: undefined,
        MixedInstancesPolicy: weighing('2', undefined),
      },
      /specify a WeightedCapacity for one override, you must specify one for all/,
    ],
    [
      { LaunchTemplate: undefined, MixedInstancesPolicy: weighing('2', '1000') },
      /WeightedCapacity 1000 is not valid/,
    ],
    [
      {
        LaunchTemplate: undefined,
        MixedInstancesPolicy: {
          ...weighing('2'),
          InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: 101 },
        },
      },
      /OnDemandPercentageAboveBaseCapacity must be a whole number between 0 and 100/,
    ],
    [{ LaunchConfigurationName: 'x' }, /either LaunchTemplate, LaunchConfigurationName/],
    [
      { LaunchTemplate: undefined, LaunchConfigurationName: 'x' },
      /Launch configuration x not found/,
    ],
    [
      {
        LifecycleHookSpecificationList: [
          {
            LifecycleHookName: 'x',
            LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
            NotificationTargetARN: 'arn:aws:sns:us-east-1:000000000000:none',
          },
        ],
      },
      /Unable to publish to notification target .*:none: there is no such topic/,
    ],
    [
      { LifecycleHookSpecificationList: [{ LifecycleHookName: 'x' }] },
      /LifecycleTransition must be one of/,
    ],
    [{ LaunchTemplate: undefined }, /Valid requests must contain either LaunchTemplate/],
    [{ LaunchTemplate: { LaunchTemplateId: 'lt-2' } }, /template ID lt-2 .*does not exist/],
    [{ MinSize: 3, MaxSize: 2 }, /Max bound, 2, must be greater than or equal to min bound, 3/],
    [{ DesiredCapacity: 9 }, /Desired capacity:9 must be between/],
    [{ VPCZoneIdentifier: 'subnet-z' }, /The subnet ID 'subnet-z' does not exist/],
    [{ VPCZoneIdentifier: '' }, /At least one Availability Zone or VPC Subnet is required/],
    [{ AvailabilityZones: ['eu-west-1a'] }, /Invalid availability zones: \[eu-west-1a\]/],
    [{ TargetGroupARNs: ['arn:other'] }, /Provided Target Groups may not be valid/],
    [{ HealthCheckType: 'VPC_LATTICE' }, /Invalid HealthCheckType/],
    [{ TerminationPolicies: ['ClosestToNextInstanceHour'] }, /not supported here/],
    [{ Tags: [{ Key: 'aws:x', Value: 'y' }] }, /reserved/],
  ]
  for (const [change, message] of refusals) {
    await assert.rejects(
      call(service, 'CreateAutoScalingGroup', { ...basicGroup, ...change }),
      (error) => {
        assert.ok(error instanceof Error)
        assert.equal(error.name, 'ValidationError')
        assert.match(error.message, message)
        return true
      },
    )
  }
  assert.deepEqual(await scale.list(scope), [])
  await call(service, 'CreateAutoScalingGroup', basicGroup)
  await assert.rejects(call(service, 'CreateAutoScalingGroup', basicGroup), {
    code: 'AlreadyExistsFault',
  })
})

test('health, protection, single terminations and suspended processes are obeyed', async () => {
  const { service, rest, group } = autoScalingWorld()
  await call(service, 'CreateAutoScalingGroup', basicGroup)
  await rest()
  const [one, two] = ((await group())?.Instances ?? []).map((each) => each.InstanceId ?? '')
  await call(service, 'SetInstanceHealth', { InstanceId: one, HealthStatus: 'Unhealthy' })
  await rest()
  const after = ((await group())?.Instances ?? []).map((each) => each.InstanceId)
  assert.equal(after.length, 2)
  assert.ok(!after.includes(one) && after.includes(two))
  await call(service, 'SuspendProcesses', {
    AutoScalingGroupName: 'web',
    ScalingProcesses: ['Launch'],
  })
  const { Activity: activity } = await call<{ Activity: Activity }>(
    service,
    'TerminateInstanceInAutoScalingGroup',
    { InstanceId: two, ShouldDecrementDesiredCapacity: false },
  )
  assert.equal(activity.StatusCode, 'InProgress')
  await rest()
  assert.equal((await group())?.Instances?.length, 1)
  assert.deepEqual(
    (await group())?.SuspendedProcesses?.map((each) => each.ProcessName),
    ['Launch'],
  )
  await call(service, 'ResumeProcesses', { AutoScalingGroupName: 'web' })
  await rest()
  assert.equal((await group())?.Instances?.length, 2)
  const kept = (await group())?.Instances?.[1]?.InstanceId
  await call(service, 'SetInstanceProtection', {
    AutoScalingGroupName: 'web',
    InstanceIds: [kept],
    ProtectedFromScaleIn: true,
  })
  await call(service, 'SetDesiredCapacity', { AutoScalingGroupName: 'web', DesiredCapacity: 1 })
  await rest()
  const details = await call<{ AutoScalingInstances: AutoScalingInstanceDetails[] }>(
    service,
    'DescribeAutoScalingInstances',
    {},
  )
  assert.deepEqual(
    details.AutoScalingInstances.map((each) => [each.InstanceId, each.HealthStatus]),
    [[kept, 'HEALTHY']],
  )
  await assert.rejects(
    call(service, 'SetDesiredCapacity', {
      AutoScalingGroupName: 'web',
      DesiredCapacity: 2,
      HonorCooldown: true,
    }),
    { code: 'ScalingActivityInProgressFault' },
  )
})

test('target groups and tags come and go', async () => {
  const { service, rest } = autoScalingWorld()
  await call(service, 'CreateAutoScalingGroup', basicGroup)
  const states = async () => {
    const name = { AutoScalingGroupName: 'web' }
    const answer = await call<{ LoadBalancerTargetGroups: { State: string }[] }>(
      service,
      'DescribeLoadBalancerTargetGroups',
      name,
    )
    return answer.LoadBalancerTargetGroups.map((each) => each.State)
  }
  await rest()
  assert.deepEqual(await states(), ['InService'])
  await call(service, 'DetachLoadBalancerTargetGroups', {
    AutoScalingGroupName: 'web',
    TargetGroupARNs: [targetGroup],
  })
  assert.deepEqual(await states(), ['Removing'])
  await rest()
  assert.deepEqual(await states(), [])
  const tag = { ResourceId: 'web', ResourceType: 'auto-scaling-group', Key: 'stage' }
  await call(service, 'CreateOrUpdateTags', { Tags: [{ ...tag, Value: 'prod' }] })
  const filtered = await call<{ Tags: { Key: string }[] }>(service, 'DescribeTags', {
    Filters: [{ Name: 'key', Values: ['stage'] }],
  })
  assert.deepEqual(
    filtered.Tags.map((each) => each.Key),
    ['stage'],
  )
  await call(service, 'DeleteTags', { Tags: [tag] })
  const left = await call<{ Tags: { Key: string }[] }>(service, 'DescribeTags', {})
  assert.deepEqual(
    left.Tags.map((each) => each.Key),
    ['app'],
  )
})

test('the CloudFormation type resolves when the capacity is in service, and again when all is gone', async () => {
  const { scale, instances, rest } = autoScalingWorld()
  const [type] = autoscalingResourceTypes({ scale })
  assert.ok(type)
  const context: ResourceContext = {
    scope,
    stackName: 'site',
    stackId: 'stack-1',
    logicalId: 'Group',
    token: 'token',
    tags: [
      { Key: 'aws:cloudformation:stack-id', Value: 'stack-1' },
      { Key: 'aws:cloudformation:logical-id', Value: 'Group' },
    ],
    physicalName: () => 'site-Group-1',
    async started() {},
    signal: new AbortController().signal,
    async until(what, _milliseconds, check) {
      for (let round = 0; round < 10; round++) {
        const value = await check()
        if (value !== undefined) return value
        await rest()
      }
      throw new Error(`waited in vain for ${what}`)
    },
  }
  const properties = {
    MinSize: 1,
    MaxSize: 3,
    DesiredCapacity: 2,
    LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' },
    VPCZoneIdentifier: ['subnet-a', 'subnet-b'],
    TargetGroupARNs: [targetGroup],
    Cooldown: 10,
    Tags: [{ Key: 'app', Value: 'web', PropagateAtLaunch: true }],
  }
  const made = await type.create(properties, context)
  assert.equal(made.physicalId, 'site-Group-1')
  assert.match(
    String(made.attributes['AutoScalingGroupARN']),
    /autoScalingGroupName\/site-Group-1$/,
  )
  assert.equal(instances.launched.length, 2)
  assert.deepEqual(await type.create(properties, context), made, 'a second attempt finds the first')
  const after = {
    ...properties,
    DesiredCapacity: 3,
    TargetGroupARNs: [],
    DefaultInstanceWarmup: 30,
    LifecycleHookSpecificationList: [
      {
        LifecycleHookName: 'logs',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      },
    ],
  }
  await type.update?.({ physicalId: made.physicalId, before: properties, after }, context)
  assert.equal(instances.launched.length, 3)
  const changed = await scale.find(scope, made.physicalId)
  assert.equal(changed?.defaultWarmupSeconds, 30)
  assert.equal(changed?.lifecycleHooks?.[0]?.name, 'logs')
  await type.remove({ physicalId: made.physicalId, properties: after }, context)
  assert.equal(instances.terminated.length, 3)
  await type.remove({ physicalId: made.physicalId, properties: after }, context)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ec2World, ec2WorldOf } from '../../testing/ec2-world.ts'

const ImageId = 'ami-evenkeel'
const filter = (Name: string, ...Values: readonly string[]) => [{ Name, Values: [...Values] }]

async function worldWithInstance() {
  const world = await ec2World()
  const run = await world.call('RunInstances', { ImageId, MinCount: 1, MaxCount: 1 })
  const instance = run.Instances?.[0]
  return { ...world, instance, InstanceId: instance?.InstanceId ?? '' }
}

test('instances are found by the status of their checks', async (t) => {
  const { call, close, InstanceId } = await worldWithInstance()
  t.after(close)
  const found = async (...one: Parameters<typeof filter>) => {
    const { InstanceStatuses } = await call('DescribeInstanceStatus', { Filters: filter(...one) })
    return InstanceStatuses?.map((each) => each.InstanceId)
  }
  for (const check of ['instance-status', 'system-status']) {
    assert.deepEqual(await found(`${check}.status`, 'ok', 'initializing'), [InstanceId])
    assert.deepEqual(await found(`${check}.status`, 'impaired'), [])
    assert.deepEqual(await found(`${check}.reachability`, 'failed'), [])
  }
  assert.deepEqual(await found('event.code', 'instance-stop'), [])
})

test('interfaces are found by whose they are', async (t) => {
  const { call, close, instance } = await worldWithInstance()
  t.after(close)
  const found = async (...one: Parameters<typeof filter>) => {
    const asked = { Filters: filter(...one) }
    const { NetworkInterfaces } = await call('DescribeNetworkInterfaces', asked)
    return NetworkInterfaces?.map((each) => each.NetworkInterfaceId)
  }
  const own = [instance?.NetworkInterfaces?.[0]?.NetworkInterfaceId]
  assert.deepEqual(await found('attachment.instance-owner-id', 'amazon-elb'), [])
  const owner = instance?.NetworkInterfaces?.[0]?.OwnerId ?? ''
  assert.deepEqual(await found('attachment.instance-owner-id', owner), own)
  assert.deepEqual(await found('attachment.device-index', '0'), own)
  assert.deepEqual(await found('requester-managed', 'true'), [])
  const byFace = filter('network-interface.attachment.device-index', '0')
  const { Reservations } = await call('DescribeInstances', { Filters: byFace })
  assert.equal(Reservations?.length, 1)
})

test('subnets, routes, groups and templates are found by what they are shown with', async (t) => {
  const { call } = await ec2WorldOf(t)
  const { Vpc } = await call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
  const VpcId = Vpc?.VpcId ?? ''
  const { Subnet } = await call('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' })
  const subnets = await call('DescribeSubnets', {
    Filters: filter('available-ip-address-count', '251'),
  })
  assert.deepEqual(
    subnets.Subnets?.map((each) => each.SubnetId),
    [Subnet?.SubnetId],
  )
  const routes = await call('DescribeRouteTables', {
    Filters: [...filter('vpc-id', VpcId), ...filter('route.state', 'blackhole')],
  })
  assert.deepEqual(routes.RouteTables, [])
  const groups = await call('DescribeSecurityGroups', {
    Filters: [...filter('vpc-id', VpcId), ...filter('ip-permission.group-name', 'default')],
  })
  assert.equal(groups.SecurityGroups?.length, 1)
  await call('CreateLaunchTemplate', {
    LaunchTemplateName: 'web',
    LaunchTemplateData: { InstanceType: 't3.nano' },
  })
  const versionsWith = async (type: string) => {
    const asked = { LaunchTemplateName: 'web', Filters: filter('instance-type', type) }
    return (await call('DescribeLaunchTemplateVersions', asked)).LaunchTemplateVersions?.length
  }
  assert.deepEqual([await versionsWith('t3.nano'), await versionsWith('t3.micro')], [1, 0])
})

test('what concerns an interface is said of the interface alone', async (t) => {
  const { call, close, instance } = await worldWithInstance()
  t.after(close)
  const { SubnetId = '' } = instance ?? {}
  const twice = { ImageId, MinCount: 1, MaxCount: 1, SubnetId }
  const NetworkInterfaces = [{ DeviceIndex: 0, SubnetId }]
  await assert.rejects(call('RunInstances', { ...twice, NetworkInterfaces }), {
    name: 'InvalidParameterCombination',
  })
})

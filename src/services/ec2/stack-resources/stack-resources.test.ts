import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ec2WorldOf, type Ec2World } from '../../../testing/ec2-world.ts'
import type { Properties, ResourceContext } from '../../../stacks/resource-type.ts'
import { ec2ResourceTypes, parameterLookups } from '../index.ts'

async function world(t: TestContext) {
  const made = await ec2WorldOf(t)
  const types = new Map(ec2ResourceTypes(made.deps).map((type) => [type.name, type]))
  const typeOf = (name: string) => types.get(`AWS::EC2::${name}`) ?? assert.fail(name)
  return {
    ...made,
    create: (name: string, properties: Properties, logicalId = name) =>
      typeOf(name).create(properties, contextOf(made, logicalId)),
    update: (name: string, physicalId: string, change: { before: Properties; after: Properties }) =>
      typeOf(name).update?.({ physicalId, ...change }, contextOf(made, `${name}-update`)) ??
      assert.fail(`${name} has no update`),
    remove: (name: string, physicalId: string, properties: Properties = {}) =>
      typeOf(name).remove({ physicalId, properties }, contextOf(made, name)),
  }
}

function contextOf({ scope, clock }: Ec2World, logicalId: string): ResourceContext {
  return {
    scope,
    stackName: 'site',
    stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/site/1',
    logicalId,
    token: `site-${logicalId}`.toLowerCase(),
    tags: [{ Key: 'aws:cloudformation:logical-id', Value: logicalId }],
    physicalName: (lengthMax) => `site-${logicalId}-ABC123`.slice(0, lengthMax),
    started: async () => {},
    signal: new AbortController().signal,
    async until(what, _timeoutMilliseconds, check) {
      for (let attempt = 0; attempt < 50; attempt++) {
        const value = await check()
        if (value !== undefined) return value
        await clock.advance(100)
      }
      return assert.fail(`waited for ${what}`)
    },
  }
}

test('the network of a site is made, twice the same, and removed in the other order', async (t) => {
  const { create, remove, call, clock, hostNetwork } = await world(t)
  const vpc = await create('VPC', { CidrBlock: '10.0.0.0/16', EnableDnsHostnames: true })
  const again = await create('VPC', { CidrBlock: '10.0.0.0/16', EnableDnsHostnames: true })
  assert.deepEqual(again, vpc, 'a second attempt finds what the first one made')
  const VpcId = vpc.physicalId
  const gateway = await create('InternetGateway', {})
  const attachment = { VpcId, InternetGatewayId: gateway.physicalId }
  const attached = await create('VPCGatewayAttachment', attachment)
  await create('VPCGatewayAttachment', attachment)
  const subnet = await create('Subnet', {
    VpcId,
    CidrBlock: '10.0.1.0/24',
    AvailabilityZone: 'us-east-1c',
    MapPublicIpOnLaunch: true,
  })
  assert.equal(subnet.attributes['AvailabilityZone'], 'us-east-1c')
  const table = await create('RouteTable', { VpcId })
  const routeProperties = {
    RouteTableId: table.physicalId,
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: gateway.physicalId,
  }
  const route = await create('Route', routeProperties)
  await create('Route', routeProperties)
  const association = await create('SubnetRouteTableAssociation', {
    RouteTableId: table.physicalId,
    SubnetId: subnet.physicalId,
  })
  const group = await create('SecurityGroup', {
    GroupDescription: 'web',
    VpcId,
    SecurityGroupIngress: [
      { IpProtocol: 'tcp', FromPort: '80', ToPort: '80', CidrIp: '0.0.0.0/0' },
    ],
  })
  const ingress = await create('SecurityGroupIngress', {
    GroupId: group.physicalId,
    IpProtocol: '-1',
    SourceSecurityGroupId: group.physicalId,
  })
  await create('SecurityGroupIngress', {
    GroupId: group.physicalId,
    IpProtocol: '-1',
    SourceSecurityGroupId: group.physicalId,
  })
  const instance = await create('Instance', {
    ImageId: 'ami-76f0061f',
    InstanceType: 't2.micro',
    SubnetId: subnet.physicalId,
    SecurityGroupIds: [group.physicalId],
    UserData: 'IyEvYmluL3NoCg==',
    Tags: [{ Key: 'Name', Value: 'web' }],
  })
  assert.match(String(instance.attributes['PublicDnsName']), /compute-1\.amazonaws\.com$/)
  const { Reservations } = await call('DescribeInstances', {})
  assert.equal(Reservations?.[0]?.Instances?.[0]?.State?.Name, 'running')
  await remove('Instance', instance.physicalId)
  await remove('SecurityGroupIngress', ingress.physicalId)
  await remove('SecurityGroup', group.physicalId)
  await remove('SubnetRouteTableAssociation', association.physicalId)
  await remove('Route', route.physicalId, routeProperties)
  await remove('RouteTable', table.physicalId)
  await remove('Subnet', subnet.physicalId)
  await remove('VPCGatewayAttachment', attached.physicalId, attachment)
  await remove('InternetGateway', gateway.physicalId)
  await remove('VPC', VpcId)
  await remove('VPC', VpcId)
  for (let turn = 0; turn < 10 && hostNetwork.networks.size > 0; turn++) await clock.advance(100)
  assert.equal(hostNetwork.networks.size, 0, 'the host has no network left')
})

test('the instance of a 2014 template: names of groups, numbers as text, no VPC', async (t) => {
  const { create, call } = await world(t)
  await call('ImportKeyPair', {
    KeyName: 'mine',
    PublicKeyMaterial: Buffer.from(
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
    ),
  })
  const group = await create('SecurityGroup', {
    GroupDescription: 'ssh',
    SecurityGroupIngress: { IpProtocol: 'tcp', FromPort: '22', ToPort: '22', CidrIp: '0.0.0.0/0' },
  })
  const instance = await create('Instance', {
    KeyName: 'mine',
    ImageId: 'ami-76f0061f',
    SecurityGroups: [group.physicalId],
    UserData: 'ODA=',
  })
  assert.equal(instance.attributes['AvailabilityZone'], 'us-east-1a')
  assert.match(String(instance.attributes['PublicIp']), /^198\./)
  await assert.rejects(create('Instance', { ImageId: 'ami-76f0061f', KeyName: 'no' }, 'Other'), {
    name: 'InvalidKeyPair.NotFound',
  })
  await assert.rejects(
    create('Instance', { ImageId: 'ami-76f0061f', Tenancy: 'dedicated' }, 'Alone'),
    /Placement\.Tenancy/,
  )
})

test('rules follow the template, and rules of others stay', async (t) => {
  const { create, update, call } = await world(t)
  const web = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' }
  const tls = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }
  const before = { GroupDescription: 'web', SecurityGroupIngress: [web] }
  const group = await create('SecurityGroup', before)
  const GroupId = group.physicalId
  await create('SecurityGroupIngress', { GroupId, IpProtocol: 'icmp', CidrIp: '10.0.0.0/8' })
  const after = {
    GroupDescription: 'web',
    SecurityGroupIngress: [tls],
    SecurityGroupEgress: [tls],
  }
  await update('SecurityGroup', GroupId, { before, after })
  const { SecurityGroups } = await call('DescribeSecurityGroups', { GroupIds: [GroupId] })
  const ports = SecurityGroups?.[0]?.IpPermissions?.map((each) => each.FromPort)
  assert.deepEqual(ports, [-1, 443])
  const out = SecurityGroups?.[0]?.IpPermissionsEgress?.map((each) => each.FromPort)
  assert.deepEqual(out, [443])
})

test('a launch template grows a version with each change, and only then', async (t) => {
  const { create, update, remove, call } = await world(t)
  const before = {
    LaunchTemplateData: { ImageId: 'ami-76f0061f', IamInstanceProfile: { Name: 'web' } },
  }
  const template = await create('LaunchTemplate', before)
  assert.equal(template.attributes['LatestVersionNumber'], '1')
  const after = { LaunchTemplateData: { ImageId: 'ami-76f0061f', InstanceType: 't3.small' } }
  const id = template.physicalId
  await update('LaunchTemplate', id, { before, after })
  const updated = await update('LaunchTemplate', id, { before, after })
  assert.equal(updated.attributes['LatestVersionNumber'], '2')
  await remove('LaunchTemplate', id)
  assert.deepEqual((await call('DescribeLaunchTemplates', {})).LaunchTemplates, [])
})

test('parameters are checked against what is there', async (t) => {
  const { deps, scope, call } = await world(t)
  const lookups = parameterLookups(deps)
  const { Subnets } = await call('DescribeSubnets', {})
  const exists = (type: string, value: string) => lookups.exists(scope, `AWS::EC2::${type}`, value)
  assert.equal(await exists('Subnet::Id', Subnets?.[0]?.SubnetId ?? ''), true)
  assert.equal(await exists('KeyPair::KeyName', 'nobody'), false)
  assert.equal(await exists('Image::Id', 'ami-76f0061f'), true)
  assert.equal(await exists('Volume::Id', 'vol-1'), undefined)
  assert.deepEqual(await lookups.zones(scope), ['us-east-1a', 'us-east-1b', 'us-east-1c'])
})

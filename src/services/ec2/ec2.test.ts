import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ec2World } from '../../testing/ec2-world.ts'

async function world(t: TestContext, options: { strictImages?: boolean } = {}) {
  const made = await ec2World(options)
  t.after(() => made.close())
  return made
}

const ImageId = 'ami-76f0061f'
const named = (name: string) => ({ name })

test('a VPC of its own: subnet, gateway, route, group, instance, and everything away again', async (t) => {
  const { call, hostNetwork, clock } = await world(t)
  const { Vpc } = await call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
  const VpcId = Vpc?.VpcId ?? ''
  const { Subnet } = await call('CreateSubnet', {
    VpcId,
    CidrBlock: '10.0.1.0/24',
    AvailabilityZone: 'us-east-1b',
  })
  const SubnetId = Subnet?.SubnetId ?? ''
  await call('ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value: true } })
  const { InternetGateway } = await call('CreateInternetGateway', {})
  const InternetGatewayId = InternetGateway?.InternetGatewayId ?? ''
  await call('AttachInternetGateway', { InternetGatewayId, VpcId })
  const { RouteTable } = await call('CreateRouteTable', { VpcId })
  const RouteTableId = RouteTable?.RouteTableId ?? ''
  await call('CreateRoute', {
    RouteTableId,
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: InternetGatewayId,
  })
  const { AssociationId } = await call('AssociateRouteTable', { RouteTableId, SubnetId })
  const { GroupId } = await call('CreateSecurityGroup', {
    GroupName: 'web',
    Description: 'web servers',
    VpcId,
  })
  await call('AuthorizeSecurityGroupIngress', {
    GroupId,
    IpPermissions: [
      { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] },
    ],
  })
  const run = await call('RunInstances', {
    ImageId,
    InstanceType: 't2.micro',
    MinCount: 1,
    MaxCount: 1,
    SubnetId,
    SecurityGroupIds: [GroupId ?? ''],
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }] }],
  })
  assert.equal(run.Instances?.[0]?.State?.Name, 'pending')
  const InstanceId = run.Instances?.[0]?.InstanceId ?? ''
  const found = await call('DescribeInstances', {
    Filters: [
      { Name: 'tag:Name', Values: ['web'] },
      { Name: 'instance-state-name', Values: ['running'] },
    ],
  })
  const instance = found.Reservations?.[0]?.Instances?.[0]
  assert.equal(instance?.InstanceId, InstanceId)
  assert.equal(instance?.Placement?.AvailabilityZone, 'us-east-1b')
  assert.match(instance?.PrivateDnsName ?? '', /^ip-10-0-1-\d+\.ec2\.internal$/)
  assert.ok(instance?.PublicIpAddress)
  assert.equal(instance?.PublicDnsName, '', 'this VPC gives no public names')
  assert.deepEqual(hostNetwork.networks.get(VpcId)?.subnets[0]?.routes, [
    { destinationCidr: '0.0.0.0/0', target: 'internet' },
  ])
  const early = await call('DescribeInstanceStatus', { InstanceIds: [InstanceId] })
  assert.equal(early.InstanceStatuses?.[0]?.InstanceStatus?.Status, 'initializing')
  await clock.advance(1000)
  const status = await call('DescribeInstanceStatus', { InstanceIds: [InstanceId] })
  assert.equal(status.InstanceStatuses?.[0]?.InstanceStatus?.Status, 'ok')
  const { NetworkInterfaces = [] } = await call('DescribeNetworkInterfaces', {
    Filters: [{ Name: 'attachment.instance-id', Values: [InstanceId] }],
  })
  const { NetworkInterface: kept } = await call('CreateNetworkInterface', { SubnetId })
  const NetworkInterfaceId = kept?.NetworkInterfaceId
  await assert.rejects(
    call('AttachNetworkInterface', { InstanceId, NetworkInterfaceId, DeviceIndex: 1 }),
    named('AttachmentLimitExceeded'),
  )
  await call('DeleteNetworkInterface', { NetworkInterfaceId })
  const AttachmentId = NetworkInterfaces[0]?.Attachment?.AttachmentId
  await assert.rejects(
    call('DetachNetworkInterface', { AttachmentId }),
    named('OperationNotPermitted'),
  )
  await assert.rejects(
    call('DetachNetworkInterface', { AttachmentId: 'eni-attach-0' }),
    named('InvalidAttachmentID.NotFound'),
  )
  await assert.rejects(call('DeleteSecurityGroup', { GroupId }), named('DependencyViolation'))
  await assert.rejects(call('DeleteSubnet', { SubnetId }), named('DependencyViolation'))
  const ended = await call('TerminateInstances', { InstanceIds: [InstanceId] })
  assert.equal(ended.TerminatingInstances?.[0]?.CurrentState?.Name, 'shutting-down')
  await call('DisassociateRouteTable', { AssociationId })
  await call('DeleteRouteTable', { RouteTableId })
  await call('DetachInternetGateway', { InternetGatewayId, VpcId })
  await call('DeleteInternetGateway', { InternetGatewayId })
  await call('DeleteSecurityGroup', { GroupId })
  await call('DeleteSubnet', { SubnetId })
  await call('DeleteVpc', { VpcId })
  assert.equal(hostNetwork.networks.size, 0)
})

test('a launch without a word of network goes to the default VPC', async (t) => {
  const { call } = await world(t)
  await call('RunInstances', { ImageId, MinCount: 2, MaxCount: 2, SecurityGroups: ['default'] })
  const { Reservations } = await call('DescribeInstances', {})
  const instances = Reservations?.[0]?.Instances ?? []
  assert.equal(instances.length, 2)
  assert.equal(instances[0]?.InstanceType, 'm1.small')
  assert.equal(instances[0]?.SecurityGroups?.[0]?.GroupName, 'default')
  assert.match(instances[0]?.PublicDnsName ?? '', /^ec2-198-1[89]-.*\.compute-1\.amazonaws\.com$/)
})

test('life of an instance: stop, start, reboot, protection, console', async (t) => {
  const { call, host } = await world(t)
  const run = await call('RunInstances', { ImageId, MinCount: 1, MaxCount: 1 })
  const InstanceId = run.Instances?.[0]?.InstanceId ?? ''
  const InstanceIds = [InstanceId]
  host.writeConsole(InstanceId, 'hello')
  const output = await call('GetConsoleOutput', { InstanceId })
  assert.equal(Buffer.from(output.Output ?? '', 'base64').toString(), 'hello')
  const stop = await call('StopInstances', { InstanceIds })
  assert.equal(stop.StoppingInstances?.[0]?.PreviousState?.Code, 16)
  await call('ModifyInstanceAttribute', {
    InstanceId,
    UserData: { Value: Buffer.from('#!/bin/sh') },
  })
  const userData = await call('DescribeInstanceAttribute', { InstanceId, Attribute: 'userData' })
  assert.equal(Buffer.from(userData.UserData?.Value ?? '', 'base64').toString(), '#!/bin/sh')
  const toType = (Value: string) =>
    call('ModifyInstanceAttribute', { InstanceId, InstanceType: { Value } })
  await toType('m5.large')
  for (const type of ['z9.huge', 'm6g.large'])
    await assert.rejects(toType(type), named('InvalidParameterValue'))
  await call('StartInstances', { InstanceIds })
  assert.equal(host.machines.get(InstanceId)?.spec.limits?.memoryBytes, 8 * 2 ** 30)
  await assert.rejects(toType('t3.micro'), named('IncorrectInstanceState'))
  await call('RebootInstances', { InstanceIds })
  assert.equal(host.machines.get(InstanceId)?.status.incarnation, 3)
  await call('ModifyInstanceAttribute', { InstanceId, DisableApiTermination: { Value: true } })
  await assert.rejects(call('TerminateInstances', { InstanceIds }), named('OperationNotPermitted'))
})

test('errors have the codes of EC2', async (t) => {
  const { call } = await world(t)
  const run = { ImageId, MinCount: 1, MaxCount: 1 }
  const gone = 'i-00000000000000000'
  await assert.rejects(
    call('DescribeInstances', { InstanceIds: ['i-x'] }),
    named('InvalidInstanceID.Malformed'),
  )
  await assert.rejects(
    call('DescribeInstances', { InstanceIds: [gone] }),
    named('InvalidInstanceID.NotFound'),
  )
  await assert.rejects(
    call('StopInstances', { InstanceIds: [gone] }),
    named('InvalidInstanceID.NotFound'),
  )
  await assert.rejects(call('RunInstances', { ...run, DryRun: true }), named('DryRunOperation'))
  await assert.rejects(
    call('RunInstances', { ...run, KeyName: 'nobody' }),
    named('InvalidKeyPair.NotFound'),
  )
  await assert.rejects(
    call('RunInstances', { ...run, HibernationOptions: { Configured: true } }),
    named('UnsupportedOperation'),
  )
  await assert.rejects(
    call('RunInstances', { ...run, MinCount: 2 }),
    named('InvalidParameterValue'),
  )
  await assert.rejects(
    call('RunInstances', { MinCount: 1, MaxCount: 1 }),
    named('MissingParameter'),
  )
  await assert.rejects(call('DescribeVpcs', { VpcIds: ['vpc-0'] }), named('InvalidVpcID.NotFound'))
  await assert.rejects(
    call('DescribeSecurityGroups', { GroupNames: ['nobody'] }),
    named('InvalidGroup.NotFound'),
  )
  await assert.rejects(call('CreateVpc', { CidrBlock: '10.0.0.0/8' }), named('InvalidVpc.Range'))
})

test('key pairs are records by name, and their keys are real', async (t) => {
  const { call } = await world(t)
  const made = await call('CreateKeyPair', { KeyName: 'mine', KeyType: 'ed25519' })
  assert.match(made.KeyMaterial ?? '', /OPENSSH PRIVATE KEY/)
  await assert.rejects(
    call('CreateKeyPair', { KeyName: 'mine', KeyType: 'ed25519' }),
    named('InvalidKeyPair.Duplicate'),
  )
  const shown = await call('DescribeKeyPairs', { KeyNames: ['mine'], IncludePublicKey: true })
  const line = shown.KeyPairs?.[0]?.PublicKey ?? ''
  const imported = await call('ImportKeyPair', {
    KeyName: 'again',
    PublicKeyMaterial: Buffer.from(line),
  })
  assert.equal(imported.KeyFingerprint, made.KeyFingerprint)
  await call('DeleteKeyPair', { KeyName: 'mine' })
  await assert.rejects(
    call('DescribeKeyPairs', { KeyNames: ['mine'] }),
    named('InvalidKeyPair.NotFound'),
  )
})

test('tags are set, found, and removed on any resource', async (t) => {
  const { call } = await world(t)
  const { Vpcs } = await call('DescribeVpcs', {})
  const VpcId = Vpcs?.[0]?.VpcId ?? ''
  const { SecurityGroupRules } = await call('DescribeSecurityGroupRules', {})
  const ruleId = SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? ''
  await call('CreateTags', { Resources: [VpcId, ruleId], Tags: [{ Key: 'team', Value: 'a' }] })
  const { Tags } = await call('DescribeTags', { Filters: [{ Name: 'key', Values: ['team'] }] })
  assert.deepEqual(
    Tags?.map((tag) => [tag.ResourceType, tag.ResourceId]),
    [
      ['security-group-rule', ruleId],
      ['vpc', VpcId],
    ],
  )
  await call('DeleteTags', { Resources: [VpcId, ruleId], Tags: [{ Key: 'team' }] })
  assert.deepEqual((await call('DescribeTags', {})).Tags, [])
  await assert.rejects(
    call('CreateTags', { Resources: ['thing-1'], Tags: [{ Key: 'a', Value: 'b' }] }),
    named('InvalidID'),
  )
})

test('launch templates have versions, and a launch lies over its template', async (t) => {
  const { call } = await world(t)
  const LaunchTemplateName = 'web'
  await call('CreateLaunchTemplate', {
    LaunchTemplateName,
    LaunchTemplateData: {
      ImageId,
      InstanceType: 't3.micro',
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }] }],
      MetadataOptions: { HttpTokens: 'required' },
    },
  })
  const next = await call('CreateLaunchTemplateVersion', {
    LaunchTemplateName,
    SourceVersion: '1',
    LaunchTemplateData: { InstanceType: 't3.small' },
  })
  assert.equal(next.LaunchTemplateVersion?.VersionNumber, 2)
  const twice = {
    LaunchTemplateName,
    ClientToken: 'once',
    LaunchTemplateData: { ImageId, InstanceType: 't3.nano' as const },
  }
  await call('CreateLaunchTemplateVersion', twice)
  const again = await call('CreateLaunchTemplateVersion', twice)
  assert.equal(again.LaunchTemplateVersion?.VersionNumber, 3)
  assert.equal(next.LaunchTemplateVersion?.LaunchTemplateData?.ImageId, ImageId)
  await call('ModifyLaunchTemplate', { LaunchTemplateName, DefaultVersion: '2' })
  const run = await call('RunInstances', {
    MinCount: 1,
    MaxCount: 1,
    LaunchTemplate: { LaunchTemplateName },
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'more', Value: 'yes' }] }],
  })
  const [instance] = run.Instances ?? []
  assert.equal(instance?.InstanceType, 't3.small')
  assert.equal(instance?.MetadataOptions?.HttpTokens, 'required')
  assert.deepEqual(instance?.Tags, [
    { Key: 'Name', Value: 'web' },
    { Key: 'more', Value: 'yes' },
  ])
  const versions = await call('DescribeLaunchTemplateVersions', {
    LaunchTemplateName,
    Versions: ['$Latest'],
  })
  assert.equal(versions.LaunchTemplateVersions?.[0]?.VersionNumber, 3)
  assert.equal(versions.LaunchTemplateVersions?.[0]?.DefaultVersion, false)
  const removal = await call('DeleteLaunchTemplateVersions', {
    LaunchTemplateName,
    Versions: ['2', '3', '9'],
  })
  const removed = removal.SuccessfullyDeletedLaunchTemplateVersions ?? []
  const kept = removal.UnsuccessfullyDeletedLaunchTemplateVersions ?? []
  assert.deepEqual(
    removed.map((each) => each.VersionNumber),
    [3],
  )
  assert.deepEqual(
    kept.map((each) => [each.VersionNumber, each.ResponseError?.Code]),
    [
      [2, 'unexpectedError'],
      [9, 'launchTemplateVersionDoesNotExist'],
    ],
  )
  const left = await call('DescribeLaunchTemplates', { LaunchTemplateNames: [LaunchTemplateName] })
  assert.equal(left.LaunchTemplates?.[0]?.LatestVersionNumber, 2)
  await assert.rejects(
    call('CreateLaunchTemplate', { LaunchTemplateName, LaunchTemplateData: { ImageId } }),
    named('InvalidLaunchTemplateName.AlreadyExistsException'),
  )
  await call('DeleteLaunchTemplate', { LaunchTemplateName })
  await assert.rejects(
    call('DescribeLaunchTemplates', { LaunchTemplateNames: [LaunchTemplateName] }),
    named('InvalidLaunchTemplateName.NotFoundException'),
  )
})

test('an unknown image id is an alias of the default image, and says so, unless images are strict', async (t) => {
  const lenient = await world(t)
  const alias = await lenient.call('DescribeImages', { ImageIds: [ImageId] })
  assert.match(alias.Images?.[0]?.Description ?? '', /^Alias of ami-/)
  const strict = await world(t, { strictImages: true })
  await assert.rejects(
    strict.call('DescribeImages', { ImageIds: [ImageId] }),
    named('InvalidAMIID.NotFound'),
  )
  await strict.call('RunInstances', { ImageId: 'ami-evenkeel', MinCount: 1, MaxCount: 1 })
})

test('regions, zones, types and account attributes answer', async (t) => {
  const { call } = await world(t)
  const zones = await call('DescribeAvailabilityZones', {})
  assert.deepEqual(
    zones.AvailabilityZones?.map((zone) => [zone.ZoneName, zone.ZoneId]),
    [
      ['us-east-1a', 'use1-az1'],
      ['us-east-1b', 'use1-az2'],
      ['us-east-1c', 'use1-az3'],
    ],
  )
  const types = await call('DescribeInstanceTypes', { InstanceTypes: ['t3.micro'] })
  assert.equal(types.InstanceTypes?.[0]?.MemoryInfo?.SizeInMiB, 1024)
  const regions = await call('DescribeRegions', {})
  assert.ok(regions.Regions?.some((region) => region.RegionName === 'us-east-1'))
  const attributes = await call('DescribeAccountAttributes', {
    AttributeNames: ['supported-platforms'],
  })
  assert.equal(attributes.AccountAttributes?.[0]?.AttributeValues?.[0]?.AttributeValue, 'VPC')
  const interfaces = await call('DescribeNetworkInterfaces', {})
  assert.deepEqual(interfaces.NetworkInterfaces, [])
})

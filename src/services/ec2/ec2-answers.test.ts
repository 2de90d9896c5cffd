import assert from 'node:assert/strict'
import { test } from 'node:test'
import { snapshots } from '../../compute/volume.ts'
import { modify } from '../../store/records.ts'
import { ec2WorldOf } from '../../testing/ec2-world.ts'

const ImageId = 'ami-evenkeel'
const named = (name: string) => ({ name })

test('tags go to all the resources that are named, or to none, and to fifty at most', async (t) => {
  const { call } = await ec2WorldOf(t)
  const { Vpc } = await call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
  const vpc = Vpc?.VpcId ?? ''
  const tag = (Resources: string[], Tags = [{ Key: 'a', Value: 'b' }]) =>
    call('CreateTags', { Resources, Tags })
  const codes = {
    'i-0123456789abcdef0': 'InvalidInstanceID.NotFound',
    'vpc-0123456789abcdef0': 'InvalidVpcID.NotFound',
    'vol-0123456789abcdef0': 'InvalidVolume.NotFound',
    'snap-0123456789abcdef0': 'InvalidSnapshot.NotFound',
    'lt-0123456789abcdef0': 'InvalidLaunchTemplateId.NotFound',
    'sgr-0123456789abcdef0': 'InvalidSecurityGroupRuleId.NotFound',
    nonsense: 'InvalidID',
  }
  for (const [id, code] of Object.entries(codes)) {
    await assert.rejects(tag([vpc, id]), named(code))
  }
  const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
  await assert.rejects(tag([vpc], many), named('TagLimitExceeded'))
  const { Vpcs } = await call('DescribeVpcs', { VpcIds: [vpc] })
  assert.deepEqual(Vpcs?.[0]?.Tags, [])
})

test("an instance's own disk carries tags, though it has no record", async (t) => {
  const { call } = await ec2WorldOf(t)
  const run = await call('RunInstances', { ImageId, MinCount: 1, MaxCount: 1 })
  const id = (run.Instances?.[0]?.InstanceId ?? '').replace('i-', 'vol-')
  await call('CreateTags', { Resources: [id], Tags: [{ Key: 'disk', Value: 'root' }] })
  const { Volumes } = await call('DescribeVolumes', { VolumeIds: [id] })
  assert.deepEqual(Volumes?.[0]?.Tags, [{ Key: 'disk', Value: 'root' }])
  const Filters = [{ Name: 'key', Values: ['disk'] }]
  const { Tags } = await call('DescribeTags', { Filters })
  assert.deepEqual([Tags?.[0]?.ResourceId, Tags?.[0]?.ResourceType], [id, 'volume'])
})

test('an image that was let go is gone, and means no other', async (t) => {
  const { call } = await ec2WorldOf(t)
  const run = await call('RunInstances', { ImageId, MinCount: 1, MaxCount: 1 })
  const InstanceId = run.Instances?.[0]?.InstanceId ?? ''
  const made = await call('CreateImage', { InstanceId, Name: 'mine' })
  const own = made.ImageId ?? ''
  const attribute = { ImageId: own, Attribute: 'launchPermission' as const }
  assert.deepEqual((await call('DescribeImageAttribute', attribute)).LaunchPermissions, [])
  await call('DeregisterImage', { ImageId: own })
  const gone = named('InvalidAMIID.NotFound')
  await assert.rejects(call('DescribeImages', { ImageIds: [own] }), gone)
  await assert.rejects(call('DescribeImageAttribute', attribute), gone)
  await assert.rejects(call('RunInstances', { ImageId: own, MinCount: 1, MaxCount: 1 }), gone)
})

test('attributes are changed in the older form too, and shown again', async (t) => {
  const { call } = await ec2WorldOf(t)
  const MetadataOptions = { HttpTokens: 'required', HttpPutResponseHopLimit: 2 } as const
  const launch = { ImageId, MinCount: 1, MaxCount: 1, EbsOptimized: true, MetadataOptions }
  const run = await call('RunInstances', launch)
  const InstanceId = run.Instances?.[0]?.InstanceId ?? ''
  const Attribute = 'disableApiTermination'
  await call('ModifyInstanceAttribute', { InstanceId, Attribute, Value: 'true' })
  const terminate = call('TerminateInstances', { InstanceIds: [InstanceId] })
  await assert.rejects(terminate, named('OperationNotPermitted'))
  const hops = await call('ModifyInstanceMetadataOptions', {
    InstanceId,
    HttpPutResponseHopLimit: 5,
  })
  assert.equal(hops.InstanceMetadataOptions?.HttpTokens, 'required')
  const Filters = [
    { Name: 'metadata-options.http-put-response-hop-limit', Values: ['5'] },
    { Name: 'ebs-optimized', Values: ['true'] },
    { Name: 'block-device-mapping.volume-id', Values: [InstanceId.replace('i-', 'vol-')] },
  ]
  const { Reservations } = await call('DescribeInstances', { Filters })
  assert.equal(Reservations?.length, 1)
  const none = await call('DescribeInstances', { Filters: [{ Name: 'host-id', Values: ['*'] }] })
  assert.deepEqual(none.Reservations, [])
})

test('routes, zones and names are refused in the words of EC2', async (t) => {
  const { call } = await ec2WorldOf(t)
  const { Vpc } = await call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
  const VpcId = Vpc?.VpcId ?? ''
  const { Subnet } = await call('CreateSubnet', {
    VpcId,
    CidrBlock: '10.0.1.0/24',
    AvailabilityZoneId: 'use1-az2',
  })
  assert.equal(Subnet?.AvailabilityZone, 'us-east-1b')
  const { RouteTable } = await call('CreateRouteTable', { VpcId })
  const RouteTableId = RouteTable?.RouteTableId ?? ''
  const refused = named('InvalidParameterValue')
  const local = { RouteTableId, DestinationCidrBlock: '10.0.0.0/16' }
  await assert.rejects(call('DeleteRoute', local), refused)
  const { InternetGateway } = await call('CreateInternetGateway', {})
  const GatewayId = InternetGateway?.InternetGatewayId ?? ''
  await call('AttachInternetGateway', { InternetGatewayId: GatewayId, VpcId })
  const absent = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }
  await assert.rejects(call('ReplaceRoute', absent), refused)
  for (const GroupName of ['default', 'sg-mine', 'ü']) {
    const group = { GroupName, Description: 'd', VpcId }
    await assert.rejects(call('CreateSecurityGroup', group), refused)
  }
  const gateways = await call('DescribeVpnGateways', {
    Filters: [{ Name: 'attachment.vpc-id', Values: [VpcId] }],
  })
  assert.deepEqual(gateways.VpnGateways, [])
  const VpnGatewayIds = ['vgw-0123456789abcdef0']
  const unknown = call('DescribeVpnGateways', { VpnGatewayIds })
  await assert.rejects(unknown, named('InvalidVpnGatewayID.NotFound'))
})

test('what is asked for at once is given once, and what is in use is kept', async (t) => {
  const { call, network, context, scope } = await ec2WorldOf(t)
  const run = await call('RunInstances', { ImageId, MinCount: 1, MaxCount: 1 })
  const [instance] = run.Instances ?? []
  const InstanceId = instance?.InstanceId ?? ''
  const AvailabilityZone = instance?.Placement?.AvailabilityZone ?? ''
  const made = await Promise.all(
    [1, 2, 3].map(() => call('CreateVolume', { AvailabilityZone, Size: 1 })),
  )
  const attached = await Promise.allSettled(
    made.map(({ VolumeId }) => call('AttachVolume', { VolumeId, InstanceId, Device: '/dev/sdf' })),
  )
  assert.equal(attached.filter(({ status }) => status === 'fulfilled').length, 1)
  const root = InstanceId.replace('i-', 'vol-')
  await assert.rejects(call('DeleteVolume', { VolumeId: root }), named('VolumeInUse'))
  const tag = { Key: 'a', Value: '1' }
  const doubled = call('CreateTags', { Resources: [InstanceId], Tags: [tag, tag] })
  await assert.rejects(doubled, named('InvalidParameterValue'))
  const VpcId = instance?.VpcId ?? ''
  const group = await call('CreateSecurityGroup', { GroupName: 'g', Description: 'd', VpcId })
  const GroupId = group.GroupId ?? ''
  const subnetId = instance?.SubnetId ?? ''
  const wish = { subnetId, securityGroupIds: [GroupId], description: '' }
  const [chosen] = await network.interfaces.choose(scope, [wish])
  assert.ok(chosen)
  await call('DeleteSecurityGroup', { GroupId })
  const late = context.store.transaction((records) =>
    network.interfaces.insert(records, scope, chosen),
  )
  await assert.rejects(late, /does not exist/)
})

test('a snapshot that an image is made of stays, and a deleted one is gone', async (t) => {
  const { call, deps, scope } = await ec2WorldOf(t)
  const made = await call('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 2 })
  const { SnapshotId = '' } = await call('CreateSnapshot', { VolumeId: made.VolumeId })
  await modify(deps.store, { kind: snapshots, scope, id: SnapshotId }, (snapshot) => ({
    ...snapshot,
    state: 'completed' as const,
  }))
  const BlockDeviceMappings = [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId, VolumeSize: 5 } }]
  const register = { Name: 'of-snapshot', RootDeviceName: '/dev/xvda', BlockDeviceMappings }
  const more = [...BlockDeviceMappings, { DeviceName: '/dev/sdf', Ebs: { SnapshotId } }]
  const { ImageId: image = '' } = await call('RegisterImage', {
    ...register,
    BlockDeviceMappings: more,
  })
  const { Images } = await call('DescribeImages', { ImageIds: [image] })
  const { SnapshotId: shown, VolumeSize } = Images?.[0]?.BlockDeviceMappings?.[0]?.Ebs ?? {}
  assert.deepEqual([shown, VolumeSize], [SnapshotId, 5])
  await assert.rejects(call('DeleteSnapshot', { SnapshotId }), named('InvalidSnapshot.InUse'))
  await call('DeregisterImage', { ImageId: image })
  await call('DeleteSnapshot', { SnapshotId })
  await assert.rejects(call('DeleteSnapshot', { SnapshotId }), named('InvalidSnapshot.NotFound'))
})

test('whether a volume goes with its instance is told later, too, one attribute at a time', async (t) => {
  const { call } = await ec2WorldOf(t)
  const device = { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 1 } }
  const launch = { ImageId, MinCount: 1, MaxCount: 1, BlockDeviceMappings: [device] }
  const InstanceId = (await call('RunInstances', launch)).Instances?.[0]?.InstanceId ?? ''
  const keep = (DeviceName: string) => ({
    InstanceId,
    BlockDeviceMappings: [{ DeviceName, Ebs: { DeleteOnTermination: false } }],
  })
  const missing = call('ModifyInstanceAttribute', keep('/dev/sdz'))
  await assert.rejects(missing, named('InvalidInstanceAttributeValue'))
  const root = call('ModifyInstanceAttribute', keep('/dev/xvda'))
  await assert.rejects(root, named('InvalidParameterCombination'))
  const both = { ...keep('/dev/sdf'), DisableApiTermination: { Value: true } }
  const twice = call('ModifyInstanceAttribute', both)
  await assert.rejects(twice, named('InvalidParameterCombination'))
  await call('ModifyInstanceAttribute', keep('/dev/sdf'))
  const Filters = [{ Name: 'attachment.device', Values: ['/dev/sdf'] }]
  const { Volumes } = await call('DescribeVolumes', { Filters })
  assert.equal(Volumes?.[0]?.Attachments?.[0]?.DeleteOnTermination, false)
  const VolumeId = Volumes?.[0]?.VolumeId
  const elsewhere = call('DetachVolume', { VolumeId, InstanceId: 'i-0123456789abcdef0' })
  await assert.rejects(elsewhere, named('InvalidAttachment.NotFound'))
})

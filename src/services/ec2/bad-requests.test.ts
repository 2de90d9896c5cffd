import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ec2WorldOf } from '../../testing/ec2-world.ts'

const ImageId = 'ami-evenkeel'
const named = (name: string) => ({ name })

test('what is no id at all is told from what is not there', async (t) => {
  const { call } = await ec2WorldOf(t)
  const volume = call('DescribeVolumes', { VolumeIds: ['mine'] })
  await assert.rejects(volume, named('InvalidParameterValue'))
  const snapshot = call('DescribeSnapshots', { SnapshotIds: ['mine'] })
  await assert.rejects(snapshot, named('InvalidParameterValue'))
  const group = call('DescribeSecurityGroups', { GroupIds: ['mine'] })
  await assert.rejects(group, named('InvalidGroupId.Malformed'))
  const gone = call('DescribeVolumes', { VolumeIds: ['vol-0123456789abcdef0'] })
  await assert.rejects(gone, named('InvalidVolume.NotFound'))
})

test('one client token makes one volume, in a zone that there is', async (t) => {
  const { call } = await ec2WorldOf(t)
  const request = { AvailabilityZone: 'us-east-1a', Size: 2, ClientToken: 'once' }
  const { VolumeId } = await call('CreateVolume', request)
  assert.equal((await call('CreateVolume', request)).VolumeId, VolumeId)
  const other = call('CreateVolume', { ...request, Size: 3 })
  await assert.rejects(other, named('IdempotentParameterMismatch'))
  const nowhere = call('CreateVolume', { AvailabilityZone: 'us-east-1z', Size: 1 })
  await assert.rejects(nowhere, named('InvalidZone.NotFound'))
  const byId = await call('CreateVolume', { AvailabilityZoneId: 'use1-az2', Size: 1 })
  assert.equal(byId.AvailabilityZone, 'us-east-1b')
})

test("an instance's own disk is not detached, and its attributes are changed by name", async (t) => {
  const { call } = await ec2WorldOf(t)
  const tagged = [{ ResourceType: 'network-interface' as const, Tags: [{ Key: 'a', Value: 'b' }] }]
  const launch = { ImageId, MinCount: 1, MaxCount: 1, TagSpecifications: tagged }
  const [instance] = (await call('RunInstances', launch)).Instances ?? []
  const InstanceId = instance?.InstanceId ?? ''
  const root = call('DetachVolume', { VolumeId: InstanceId.replace('i-', 'vol-') })
  await assert.rejects(root, named('OperationNotPermitted'))
  const none = call('ModifyInstanceAttribute', { InstanceId })
  await assert.rejects(none, named('InvalidParameterCombination'))
  const Attribute = 'sourceDestCheck' as const
  await call('ModifyInstanceAttribute', { InstanceId, Attribute, Value: 'true' })
  const off = call('ModifyInstanceAttribute', { InstanceId, Attribute, Value: 'false' })
  await assert.rejects(off, named('UnsupportedOperation'))
  const { NetworkInterfaces } = await call('DescribeNetworkInterfaces', {})
  assert.deepEqual(NetworkInterfaces?.[0]?.TagSet, [{ Key: 'a', Value: 'b' }])
  const { AllocationId } = await call('AllocateAddress', {})
  const { AssociationId } = await call('AssociateAddress', { AllocationId, InstanceId })
  const [face] = (await call('DescribeNetworkInterfaces', {})).NetworkInterfaces ?? []
  assert.equal(face?.Association?.AssociationId, AssociationId)
})

test('no route takes the place of the one inside the VPC', async (t) => {
  const { call } = await ec2WorldOf(t)
  const { Vpc } = await call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
  const VpcId = Vpc?.VpcId ?? ''
  const gateway = await call('CreateInternetGateway', {})
  const GatewayId = gateway.InternetGateway?.InternetGatewayId ?? ''
  await call('AttachInternetGateway', { InternetGatewayId: GatewayId, VpcId })
  const { RouteTable } = await call('CreateRouteTable', { VpcId })
  const RouteTableId = RouteTable?.RouteTableId ?? ''
  const route = { RouteTableId, GatewayId, DestinationCidrBlock: '10.0.0.0/16' }
  await assert.rejects(call('CreateRoute', route), named('RouteAlreadyExists'))
  await assert.rejects(call('ReplaceRoute', route), named('InvalidParameterValue'))
})

test('what every instance has may be said aloud, and nothing else', async (t) => {
  const { call } = await ec2WorldOf(t)
  const launch = { ImageId, MinCount: 1, MaxCount: 1 }
  const run = await call('RunInstances', {
    ...launch,
    EnclaveOptions: { Enabled: false },
    HibernationOptions: { Configured: false },
    CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
    PrivateDnsNameOptions: { HostnameType: 'ip-name' },
  })
  assert.equal(run.Instances?.length, 1)
  const enclave = call('RunInstances', { ...launch, EnclaveOptions: { Enabled: true } })
  await assert.rejects(enclave, named('UnsupportedOperation'))
})

test("a version over another one's settings shows no tags that nobody gave", async (t) => {
  const { call } = await ec2WorldOf(t)
  const LaunchTemplateName = 'web'
  const LaunchTemplateData = {
    ImageId,
    BlockDeviceMappings: [{ DeviceName: '/dev/sdg', NoDevice: '' }],
  }
  await call('CreateLaunchTemplate', { LaunchTemplateName, LaunchTemplateData })
  const over = { LaunchTemplateName, SourceVersion: '1' }
  await call('CreateLaunchTemplateVersion', {
    ...over,
    LaunchTemplateData: { InstanceType: 't3.small' },
  })
  const newest = { LaunchTemplateName, Versions: ['$Latest'] }
  const { LaunchTemplateVersions } = await call('DescribeLaunchTemplateVersions', newest)
  const shown = LaunchTemplateVersions?.[0]?.LaunchTemplateData
  assert.equal(shown?.TagSpecifications, undefined)
  assert.deepEqual(shown?.BlockDeviceMappings, LaunchTemplateData.BlockDeviceMappings)
})

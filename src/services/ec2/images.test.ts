import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { DiskDriver } from '../../compute/driver.ts'
import { DriverError } from '../../kernel/errors.ts'
import { ec2WorldOf } from '../../testing/ec2-world.ts'
import { fakeDisks } from '../../testing/fake-disks.ts'

async function world(t: TestContext) {
  const diskDriver = fakeDisks()
  const made = await ec2WorldOf(t, { diskDriver })
  return { ...made, disks: diskDriver.disks }
}

const ImageId = 'ami-evenkeel'
const named = (name: string) => ({ name })
const bySize = ([a]: readonly unknown[], [b]: readonly unknown[]) => Number(a) - Number(b)
const own = { Owners: ['self'] }

test('an image has a snapshot of every volume, and its machines come with volumes made of them', async (t) => {
  const { call, disks } = await world(t)
  const BlockDeviceMappings = [
    { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 10, VolumeType: 'gp3' as const } },
    { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 2, DeleteOnTermination: false } },
    { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 3 } },
  ]
  const launch = { ImageId, MinCount: 1, MaxCount: 1, BlockDeviceMappings }
  const InstanceId = (await call('RunInstances', launch)).Instances?.[0]?.InstanceId ?? ''
  const TagSpecifications = [{ ResourceType: 'snapshot' as const, Tags: [{ Key: 'a', Value: '' }] }]
  const omitted = [{ DeviceName: '/dev/sdg', NoDevice: '' }]
  const request = { InstanceId, Name: 'mine', TagSpecifications, BlockDeviceMappings: omitted }
  const { ImageId: image = '' } = await call('CreateImage', request)

  const { Images } = await call('DescribeImages', own)
  const [root, second, ...more] = Images?.[0]?.BlockDeviceMappings ?? []
  assert.deepEqual(more, [])
  assert.equal(Images?.[0]?.State, 'available')
  assert.deepEqual([root?.DeviceName, root?.Ebs?.VolumeSize], ['/dev/xvda', 10])
  assert.deepEqual(
    [second?.DeviceName, second?.Ebs?.VolumeSize, second?.Ebs?.DeleteOnTermination],
    ['/dev/sdf', 2, false],
  )
  const ids = [root, second].map((each) => each?.Ebs?.SnapshotId ?? '')
  const { Snapshots = [] } = await call('DescribeSnapshots', { SnapshotIds: ids })
  assert.deepEqual(
    Snapshots.map(({ State, Tags }) => [State, Tags?.[0]?.Key]),
    [
      ['completed', 'a'],
      ['completed', 'a'],
    ],
  )
  assert.ok(Snapshots[0]?.Description?.includes(`CreateImage(${InstanceId}) for ${image}`))
  assert.deepEqual(disks.get(image), { diskId: ids[0] })
  const used = call('DeleteSnapshot', { SnapshotId: ids[1] })
  await assert.rejects(used, named('InvalidSnapshot.InUse'))

  const again = await call('RunInstances', { ImageId: image, MinCount: 1, MaxCount: 1 })
  const Filters = [
    { Name: 'attachment.instance-id', Values: [again.Instances?.[0]?.InstanceId ?? ''] },
  ]
  const { Volumes = [] } = await call('DescribeVolumes', { Filters })
  assert.deepEqual(Volumes.map(({ Size, SnapshotId }) => [Size, SnapshotId]).toSorted(bySize), [
    [2, ids[1]],
    [10, ids[0]],
  ])
})

test('a launch says otherwise of the volumes of its image, device by device', async (t) => {
  const { call } = await world(t)
  const device = (DeviceName: string, Ebs: object) => ({ DeviceName, Ebs })
  const run = (image: string, BlockDeviceMappings: object[]) =>
    call('RunInstances', { ImageId: image, MinCount: 1, MaxCount: 1, BlockDeviceMappings })
  const first = await run(ImageId, [
    device('/dev/sdf', { VolumeSize: 2 }),
    device('/dev/sdg', { VolumeSize: 2 }),
  ])
  const InstanceId = first.Instances?.[0]?.InstanceId ?? ''
  const { ImageId: image = '' } = await call('CreateImage', { InstanceId, Name: 'mine' })
  const small = run(image, [device('/dev/sdf', { VolumeSize: 1 })])
  await assert.rejects(small, named('InvalidBlockDeviceMapping'))
  const root = run(image, [device('/dev/xvda', { VolumeSize: 1 })])
  await assert.rejects(root, named('InvalidBlockDeviceMapping'))
  const second = await run(image, [
    device('/dev/sdf', { VolumeSize: 5 }),
    { DeviceName: '/dev/sdg', NoDevice: '' },
  ])
  const id = second.Instances?.[0]?.InstanceId ?? ''
  const Filters = [{ Name: 'attachment.instance-id', Values: [id] }]
  const { Volumes = [] } = await call('DescribeVolumes', { Filters })
  assert.deepEqual(
    Volumes.map(({ Size = 0 }) => Size).toSorted((a, b) => a - b),
    [5, 8],
  )
  const { Images } = await call('DescribeImages', own)
  const snapshot = Images?.[0]?.BlockDeviceMappings?.[1]?.Ebs?.SnapshotId
  assert.ok(Volumes.some(({ SnapshotId, Size }) => SnapshotId === snapshot && Size === 5))
})

test('a copy has snapshots of its own, and what is let go may take its snapshots along', async (t) => {
  const { call } = await world(t)
  const BlockDeviceMappings = [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 2 } }]
  const launch = { ImageId, MinCount: 1, MaxCount: 1, BlockDeviceMappings }
  const InstanceId = (await call('RunInstances', launch)).Instances?.[0]?.InstanceId ?? ''
  await assert.rejects(
    call('CreateImage', { InstanceId, Name: 'ab' }),
    named('InvalidAMIName.Malformed'),
  )
  const { ImageId: image = '' } = await call('CreateImage', { InstanceId, Name: 'mine' })
  const copy = { Name: 'copy', SourceImageId: image, SourceRegion: 'us-east-1' }
  const { ImageId: copied = '' } = await call('CopyImage', copy)
  const idsOf = async (id: string) => {
    const { Images } = await call('DescribeImages', { ImageIds: [id] })
    assert.equal(Images?.[0]?.State, 'available')
    return Images[0].BlockDeviceMappings?.map((each) => each.Ebs?.SnapshotId ?? '') ?? []
  }
  const [before, after] = [await idsOf(image), await idsOf(copied)]
  assert.equal(new Set([...before, ...after]).size, 4)
  const gone = await call('DeregisterImage', { ImageId: image, DeleteAssociatedSnapshots: true })
  assert.deepEqual(
    gone.DeleteSnapshotResults?.map((each) => each.ReturnCode),
    ['success', 'success'],
  )
  const { Snapshots = [] } = await call('DescribeSnapshots', { OwnerIds: ['self'] })
  assert.deepEqual(new Set(Snapshots.map((each) => each.SnapshotId)), new Set(after))
})

test('a snapshot of a volume that is not made yet waits for it, and SDKs copy it', async (t) => {
  const { call } = await world(t)
  const { VolumeId } = await call('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1 })
  const { SnapshotId = '' } = await call('CreateSnapshot', { VolumeId })
  const copy = { SourceSnapshotId: SnapshotId, SourceRegion: 'us-east-1' }
  const members = { DestinationRegion: 'us-east-1', PresignedUrl: 'https://example.com/' }
  const copied = await call('CopySnapshot', { ...copy, ...members })
  const SnapshotIds = [SnapshotId, copied.SnapshotId ?? '']
  const { Snapshots = [] } = await call('DescribeSnapshots', { SnapshotIds })
  assert.deepEqual(
    Snapshots.map((each) => each.State),
    ['completed', 'completed'],
  )
})

test('a machine goes after the snapshots that were asked of it before', async (t) => {
  const disks = fakeDisks()
  let isHeld = true
  const diskDriver: DiskDriver = {
    ...disks,
    async makeDisk(id, source) {
      if (isHeld) throw new DriverError('busy', { retryable: true })
      await disks.makeDisk(id, source)
    },
  }
  const { call, host, clock } = await ec2WorldOf(t, { diskDriver })
  const launch = { ImageId, MinCount: 1, MaxCount: 1 }
  const id = (await call('RunInstances', launch)).Instances?.[0]?.InstanceId ?? ''
  const VolumeId = id.replace('i-', 'vol-')
  const { SnapshotId = '' } = await call('CreateSnapshot', { VolumeId })
  await call('TerminateInstances', { InstanceIds: [id] })
  const isThere = async () => (await host.inventory()).machines.some((each) => each.id === id)
  await clock.advance(1000)
  assert.ok(await isThere())
  isHeld = false
  await clock.advance(1000)
  assert.ok(!(await isThere()))
  const { Snapshots } = await call('DescribeSnapshots', { SnapshotIds: [SnapshotId] })
  assert.equal(Snapshots?.[0]?.State, 'completed')
})

test('devices that no machine could have are refused when an image is made, and nothing is left of it', async (t) => {
  const { call } = await world(t)
  const BlockDeviceMappings = [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 2 } }]
  const launch = { ImageId, MinCount: 1, MaxCount: 1, BlockDeviceMappings }
  const InstanceId = (await call('RunInstances', launch)).Instances?.[0]?.InstanceId ?? ''
  const make = (DeviceName: string, Ebs: object) =>
    call('CreateImage', { InstanceId, Name: 'mine', BlockDeviceMappings: [{ DeviceName, Ebs }] })
  await assert.rejects(make('sdg', { VolumeSize: 1 }), named('InvalidParameterValue'))
  await assert.rejects(make('/dev/sdg', {}), named('MissingParameter'))
  await assert.rejects(make('/dev/sdf', { VolumeSize: 1 }), named('InvalidBlockDeviceMapping'))
  await assert.rejects(make('/dev/xvda', { VolumeSize: 1 }), named('InvalidBlockDeviceMapping'))
  const { Snapshots } = await call('DescribeSnapshots', { OwnerIds: ['self'] })
  assert.deepEqual(Snapshots, [])
  await make('/dev/sdg', { VolumeSize: 7 })
  const { Images } = await call('DescribeImages', own)
  const sizes = Images?.[0]?.BlockDeviceMappings?.map((each) => each.Ebs?.VolumeSize)
  assert.deepEqual(sizes, [8, 2, 7])
})

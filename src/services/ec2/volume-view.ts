import type {
  Snapshot as AwsSnapshot,
  Volume as AwsVolume,
  VolumeModification as AwsModification,
} from '@aws-sdk/client-ec2'
import { rootDevice } from '../../compute/domain/instance-metadata.ts'
import { zoneIdOf } from '../../compute/domain/names.ts'
import { rootGibibytes, speedOf } from '../../compute/domain/volume-request.ts'
import { instances, type Instance } from '../../compute/instance.ts'
import { rootVolumeIdOf, volumes, type Snapshot, type Volume } from '../../compute/volume.ts'
import type { Scope } from '../../kernel/scope.ts'
import { valuesOf } from '../../network/lookup.ts'
import type { Store } from '../../store/records.ts'
import { metByNothing, type FilterFields } from './filters.ts'

/** All volumes: those with records, and the root volumes of instances that still have their disks. */
export async function allVolumes(store: Store, scope: Scope): Promise<readonly Volume[]> {
  const [own, machines] = await Promise.all([
    valuesOf(store, volumes, scope),
    valuesOf(store, instances, scope),
  ])
  return [...own, ...machines.filter(({ state }) => state !== 'terminated').map(rootVolume)]
}

/** As a volume of its own, though it is the machine's own disk. */
export function rootVolume(instance: Instance): Volume {
  const { instanceId, launchedAt, zone, rootVolume: asked = {} } = instance
  const { sizeGibibytes = rootGibibytes, volumeType = 'gp3', tags = [], snapshotId } = asked
  return {
    volumeId: rootVolumeIdOf(instanceId),
    ...{ zone, sizeGibibytes, volumeType, tags, createdAt: launchedAt },
    ...speedOf(volumeType, sizeGibibytes, {}),
    ...(snapshotId !== undefined && { snapshotId }),
    state: 'ready',
    attachment: {
      ...{ instanceId, device: rootDevice, attachedAt: launchedAt, deleteOnTermination: true },
      state: instance.incarnation === 0 ? 'attaching' : 'attached',
    },
  }
}

function volumeState(volume: Volume): NonNullable<AwsVolume['State']> {
  if (volume.state !== 'ready') return volume.state
  return volume.attachment ? 'in-use' : 'available'
}

export function attachmentView({ volumeId, attachment }: Volume) {
  if (!attachment) return undefined
  return {
    VolumeId: volumeId,
    InstanceId: attachment.instanceId,
    Device: attachment.device,
    State: attachment.state,
    AttachTime: new Date(attachment.attachedAt),
    DeleteOnTermination: attachment.deleteOnTermination,
  }
}

export function volumeView(volume: Volume): AwsVolume {
  const attachment = attachmentView(volume)
  return {
    VolumeId: volume.volumeId,
    AvailabilityZone: volume.zone,
    Size: volume.sizeGibibytes,
    VolumeType: volume.volumeType as NonNullable<AwsVolume['VolumeType']>,
    ...(volume.iops !== undefined && { Iops: volume.iops }),
    ...(volume.throughput !== undefined && { Throughput: volume.throughput }),
    SnapshotId: volume.snapshotId ?? '',
    CreateTime: new Date(volume.createdAt),
    State: volumeState(volume),
    Encrypted: false,
    MultiAttachEnabled: false,
    Attachments: attachment ? [attachment] : [],
    Tags: [...volume.tags],
  }
}

export const volumeFields: FilterFields<Volume> = {
  'volume-id': (volume) => volume.volumeId,
  'availability-zone': (volume) => volume.zone,
  'availability-zone-id': (volume) => zoneIdOf(volume.zone),
  'operator.managed': () => 'false',
  ...metByNothing('operator.principal'),
  size: (volume) => String(volume.sizeGibibytes),
  status: volumeState,
  'volume-type': (volume) => volume.volumeType,
  'snapshot-id': (volume) => volume.snapshotId,
  'create-time': (volume) => new Date(volume.createdAt).toISOString(),
  encrypted: () => 'false',
  'multi-attach-enabled': () => 'false',
  'attachment.instance-id': (volume) => volume.attachment?.instanceId,
  'attachment.attach-time': (volume) =>
    volume.attachment && new Date(volume.attachment.attachedAt).toISOString(),
  'fast-restored': () => 'false',
  'attachment.device': (volume) => volume.attachment?.device,
  'attachment.status': (volume) => volume.attachment?.state,
  'attachment.delete-on-termination': (volume) =>
    volume.attachment && String(volume.attachment.deleteOnTermination),
}

export function modificationView(volume: Volume): AwsModification {
  const { startedAt = 0, original } = volume.modification ?? {}
  return {
    VolumeId: volume.volumeId,
    ModificationState: 'completed',
    TargetSize: volume.sizeGibibytes,
    TargetVolumeType: volume.volumeType as NonNullable<AwsVolume['VolumeType']>,
    ...(volume.iops !== undefined && { TargetIops: volume.iops }),
    ...(volume.throughput !== undefined && { TargetThroughput: volume.throughput }),
    ...(original && {
      OriginalSize: original.sizeGibibytes,
      OriginalVolumeType: original.volumeType as NonNullable<AwsVolume['VolumeType']>,
    }),
    ...(original?.iops !== undefined && { OriginalIops: original.iops }),
    ...(original?.throughput !== undefined && { OriginalThroughput: original.throughput }),
    Progress: 100,
    StartTime: new Date(startedAt),
    EndTime: new Date(startedAt),
  }
}

export function snapshotView(snapshot: Snapshot, scope: Scope): AwsSnapshot {
  return {
    SnapshotId: snapshot.snapshotId,
    VolumeId: snapshot.volumeId,
    VolumeSize: snapshot.sizeGibibytes,
    Description: snapshot.description,
    StartTime: new Date(snapshot.startedAt),
    ...(snapshot.completedAt !== undefined && { CompletionTime: new Date(snapshot.completedAt) }),
    State: snapshot.state === 'deleting' ? 'completed' : snapshot.state,
    ...(snapshot.stateMessage !== undefined && { StateMessage: snapshot.stateMessage }),
    Progress: snapshot.state === 'completed' ? '100%' : '0%',
    OwnerId: scope.account,
    Encrypted: false,
    StorageTier: 'standard',
    Tags: [...snapshot.tags],
  }
}

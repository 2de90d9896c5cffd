import type { Tag } from '../kernel/tags.ts'
import { kindOf } from '../store/records.ts'
import type { BlockDevice } from './domain/volume-request.ts'

export interface VolumeAttachment {
  readonly instanceId: string
  /** `/dev/sdf`; the machine finds it at `/media/sdf`. */
  readonly device: string
  readonly state: 'attaching' | 'attached' | 'detaching'
  readonly isForced?: boolean
  readonly attachedAt: number
  readonly deleteOnTermination: boolean
}

/** A volume as a folder of the host; its size and speed are what was asked for. */
export interface Volume {
  readonly volumeId: string
  readonly zone: string
  readonly sizeGibibytes: number
  readonly volumeType: string
  readonly iops?: number
  readonly throughput?: number
  readonly snapshotId?: string
  readonly createdAt: number
  /** `available` and `in-use` are one state here: whether it has an attachment tells them apart. */
  readonly state: 'creating' | 'ready' | 'deleting' | 'error'
  readonly attachment?: VolumeAttachment
  readonly clientToken?: string
  /** The last ModifyVolume. */
  readonly modification?: VolumeModification
  readonly tags: readonly Tag[]
}

export interface VolumeModification {
  readonly startedAt: number
  readonly original: Pick<Volume, 'sizeGibibytes' | 'volumeType' | 'iops' | 'throughput'>
}

export const volumes = kindOf<Volume>('compute/volume')

export interface Snapshot {
  readonly snapshotId: string
  /** `copiedVolumeId` of a copy. */
  readonly volumeId: string
  /** What it is copied from. */
  readonly source:
    | { readonly diskId: string }
    /** The root volume of a machine. */
    | { readonly machineId: string }
  readonly sizeGibibytes: number
  readonly description: string
  readonly startedAt: number
  readonly completedAt?: number
  readonly state: 'pending' | 'completed' | 'deleting' | 'error'
  readonly stateMessage?: string
  readonly tags: readonly Tag[]
}

export const snapshots = kindOf<Snapshot>('compute/snapshot')

/** An image of one's own: a machine's disk, a snapshot of it, or what was imported. */
export interface OwnImage {
  readonly imageId: string
  readonly name: string
  readonly description: string
  readonly source:
    | { readonly diskId: string }
    | { readonly machineId: string }
    | { readonly archive: string }
  readonly sourceInstanceId?: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly rootDeviceName: string
  /** As it was registered; shown again. */
  readonly rootGibibytes?: number
  readonly rootVolumeType?: string
  /** The volumes besides the root volume with which its machines come into being. */
  readonly blockDevices?: readonly BlockDevice[]
  readonly createdAt: number
  readonly state: 'pending' | 'available' | 'deregistering' | 'failed'
  readonly stateMessage?: string
  readonly tags: readonly Tag[]
}

export const ownImages = kindOf<OwnImage>('compute/image')

/** Ids of images that were let go: they do not mean the default image, as other unknown ids do. Nothing but the id is kept. */
export const deregisteredImages = kindOf<Record<never, never>>('compute/deregistered-image')

/** The root volume of an instance has no record: it is the machine's own disk, named after the instance. */
export function rootVolumeIdOf(instanceId: string): string {
  return instanceId.replace(/^i-/, 'vol-')
}

/** Whose root volume that would be: there need not be such an instance. */
export function rootOwnerIdOf(volumeId: string): string {
  return volumeId.replace(/^vol-/, 'i-')
}

/** The volume of a snapshot that is a copy, as on EC2. */
export const copiedVolumeId = 'vol-ffffffff'

/** The snapshots that an image is made of; they stay while it is there. */
export function snapshotsOf({ source, blockDevices = [] }: OwnImage): readonly string[] {
  const all = [
    'diskId' in source ? source.diskId : '',
    ...blockDevices.map((each) => each.snapshotId ?? ''),
  ]
  return all.filter((id) => id.startsWith('snap-'))
}

/** The folder below `/media` for a device: `/dev/sdf` → `sdf`. */
export function diskNameOf(device: string): string {
  return device.replace(/^\/dev\//, '')
}

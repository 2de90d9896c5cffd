import type { Instance } from './instance.ts'
import type { OwnImage, Snapshot, Volume } from './volume.ts'

/** One step for one disk of a scope. */
export type DiskStep =
  | { readonly step: 'make-volume'; readonly volume: Volume }
  | { readonly step: 'remove-volume'; readonly volume: Volume }
  | { readonly step: 'attach'; readonly volume: Volume }
  | { readonly step: 'detach'; readonly volume: Volume }
  /** Its instance is no more. */
  | { readonly step: 'release'; readonly volume: Volume; readonly isDeleted: boolean }
  | { readonly step: 'make-snapshot'; readonly snapshot: Snapshot }
  | { readonly step: 'remove-snapshot'; readonly snapshot: Snapshot }
  | { readonly step: 'make-image'; readonly image: OwnImage }
  | { readonly step: 'remove-image'; readonly image: OwnImage }

export interface DiskRecords {
  readonly volumes: readonly Volume[]
  readonly snapshots: readonly Snapshot[]
  readonly images: readonly OwnImage[]
  readonly instances: ReadonlyMap<string, Instance>
}

/** What is to be done for the disks of one account and region. */
export function planDisks(records: DiskRecords): readonly DiskStep[] {
  return [
    ...records.snapshots.flatMap((snapshot) => snapshotStep(snapshot, records)),
    ...records.images.flatMap((image) => imageStep(image, records)),
    ...records.volumes.flatMap((volume) => volumeStep(volume, records)),
  ]
}

function volumeStep(volume: Volume, { instances }: DiskRecords): readonly DiskStep[] {
  if (volume.state === 'creating') return [{ step: 'make-volume', volume }]
  if (volume.state === 'error') return []
  const { attachment } = volume
  if (!attachment) return volume.state === 'deleting' ? [{ step: 'remove-volume', volume }] : []
  const instance = instances.get(attachment.instanceId)
  if (!instance || instance.state === 'terminated') {
    return [{ step: 'release', volume, isDeleted: attachment.deleteOnTermination }]
  }
  if (attachment.state === 'detaching') return [{ step: 'detach', volume }]
  // A machine that is not made yet is given its disks when it is.
  if (attachment.state === 'attaching' && instance.incarnation > 0)
    return [{ step: 'attach', volume }]
  return []
}

/** A snapshot that is let go stays until everything is made that was asked of it before. */
function snapshotStep(snapshot: Snapshot, records: DiskRecords): readonly DiskStep[] {
  if (snapshot.state === 'pending') return [{ step: 'make-snapshot', snapshot }]
  if (snapshot.state !== 'deleting') return []
  return isSource(snapshot.snapshotId, records) ? [] : [{ step: 'remove-snapshot', snapshot }]
}

function isSource(diskId: string, { volumes, snapshots, images }: DiskRecords): boolean {
  const isMadeOf = (disk: Snapshot | OwnImage): boolean =>
    disk.state === 'pending' && 'diskId' in disk.source && disk.source.diskId === diskId
  return (
    volumes.some(({ state, snapshotId }) => state === 'creating' && snapshotId === diskId) ||
    snapshots.some(isMadeOf) ||
    images.some(isMadeOf)
  )
}

/** An image that is let go stays on the disk while a machine, or an image over it, still needs it. */
function imageStep(image: OwnImage, { instances }: DiskRecords): readonly DiskStep[] {
  if (image.state === 'pending') return [{ step: 'make-image', image }]
  if (image.state !== 'deregistering') return []
  const isUsed = [...instances.values()].some(
    (instance) => instance.imageId === image.imageId && instance.state !== 'terminated',
  )
  return isUsed ? [] : [{ step: 'remove-image', image }]
}

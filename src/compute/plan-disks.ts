import type { Instance } from './instance.ts'
import { snapshotsOf, type OwnImage, type Snapshot, type Volume } from './volume.ts'

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
  /** A snapshot of it could not be made. */
  | { readonly step: 'fail-image'; readonly image: OwnImage; readonly reason: string }
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
  if (snapshot.state === 'pending') {
    return isThere(snapshot, records) ? [{ step: 'make-snapshot', snapshot }] : []
  }
  if (snapshot.state !== 'deleting') return []
  return isSource(snapshot.snapshotId, records) ? [] : [{ step: 'remove-snapshot', snapshot }]
}

/** Whether what a snapshot is of is made: what is asked of it before waits. */
function isThere({ source }: Snapshot, { volumes, instances }: DiskRecords): boolean {
  if ('machineId' in source) {
    const machine = instances.get(source.machineId)
    return machine?.state === 'terminated' || machine?.incarnation !== 0
  }
  return !volumes.some(({ volumeId, state }) => volumeId === source.diskId && state === 'creating')
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

/** Made when its snapshots are. One that is let go stays on the disk while a machine, or an image over it, still needs it. */
function imageStep(image: OwnImage, records: DiskRecords): readonly DiskStep[] {
  const { instances } = records
  if (image.state === 'pending') {
    const own = snapshotsOf(image)
    const parts = records.snapshots.filter(({ snapshotId }) => own.includes(snapshotId))
    if (parts.some(({ state }) => state === 'pending')) return []
    const failed = parts.find(({ state }) => state === 'error')
    if (!failed) return [{ step: 'make-image', image }]
    const reason = `snapshot ${failed.snapshotId} failed: ${failed.stateMessage ?? ''}`
    return [{ step: 'fail-image', image, reason }]
  }
  if (image.state !== 'deregistering' || isSource(image.imageId, records)) return []
  const isUsed = [...instances.values()].some(
    (instance) => instance.imageId === image.imageId && instance.state !== 'terminated',
  )
  return isUsed ? [] : [{ step: 'remove-image', image }]
}

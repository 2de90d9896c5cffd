import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists, type Records } from '../store/records.ts'
import {
  rootVolumeInUse,
  rootVolumeStays,
  snapshotInUse,
  snapshotNotFound,
  volumeInUse,
  volumeNotFound,
  volumeNotMade,
} from './disk-refusals.ts'
import {
  checkVolume,
  newVolume,
  rootGibibytes,
  type VolumeRequest,
} from './domain/volume-request.ts'
import { createImageCatalogue, type ImageCatalogue } from './image-catalogue.ts'
import { insertSnapshot } from './insert-snapshot.ts'
import { instanceNotFound } from './instance-refusals.ts'
import { instances, type Instance } from './instance.ts'
import {
  ownImages,
  copiedVolumeId,
  rootOwnerIdOf,
  rootVolumeIdOf,
  snapshots,
  snapshotsOf,
  volumes,
  type Snapshot,
  type Volume,
} from './volume.ts'

export interface AttachRequest {
  readonly volumeId: string
  readonly instanceId: string
  readonly device: string
}

export interface SnapshotRequest {
  readonly volumeId: string
  readonly description: string
  readonly tags: readonly Tag[]
}

/** Volumes, snapshots and images of one's own, as records; the host follows. What is turned down is a `Refusal` in EC2's code. */
export interface DiskCatalogue extends ImageCatalogue {
  createVolume(scope: Scope, request: VolumeRequest & { volumeId?: string }): Promise<Volume>
  deleteVolume(scope: Scope, volumeId: string): Promise<void>
  attach(scope: Scope, request: AttachRequest): Promise<Volume>
  detach(scope: Scope, volumeId: string, isForced: boolean): Promise<Volume>
  changeVolume(scope: Scope, id: string, to: (volume: Volume) => Volume): Promise<Volume>
  createSnapshot(scope: Scope, request: SnapshotRequest): Promise<Snapshot>
  copySnapshot(
    scope: Scope,
    request: Omit<SnapshotRequest, 'volumeId'> & { snapshotId: string },
  ): Promise<Snapshot>
  deleteSnapshot(scope: Scope, snapshotId: string): Promise<void>
}

export function createDiskCatalogue(context: EngineContext): DiskCatalogue {
  return {
    ...volumeCatalogue(context),
    ...snapshotCatalogue(context),
    ...createImageCatalogue(context),
  }
}

type VolumeCatalogue = Pick<
  DiskCatalogue,
  'createVolume' | 'deleteVolume' | 'attach' | 'detach' | 'changeVolume'
>

function volumeCatalogue(context: EngineContext): VolumeCatalogue {
  const { store, clock, random } = context

  const change = (scope: Scope, id: string, to: (volume: Volume) => Volume) =>
    changeVolume(store, scope, id, to)
  return {
    changeVolume: change,
    async createVolume(scope, request) {
      const size = await sizeFrom(context, scope, request)
      checkVolume({ ...request, sizeGibibytes: size })
      const volumeId = request.volumeId ?? resourceId(random, 'vol')
      const volume = newVolume(volumeId, { ...request, sizeGibibytes: size }, clock.now())
      try {
        return (await store.insert(volumes, { scope, id: volumeId }, volume)).value
      } catch (thrown) {
        const known = thrown instanceof RecordExists && (await store.find(volumes, scope, volumeId))
        if (!known) throw thrown
        requireSame(known.value, volume)
        return known.value
      }
    },
    async deleteVolume(scope, volumeId) {
      await change(scope, volumeId, (volume) => {
        if (volume.attachment) throw volumeInUse(volume)
        return { ...volume, state: 'deleting' as const }
      })
    },
    attach: (scope, request) => attachVolume(context, scope, request),
    async detach(scope, volumeId, isForced) {
      const rootOf = rootOwnerIdOf(volumeId)
      const owner = (await store.find(instances, scope, rootOf))?.value
      // The machine's own disk stays with it, running or not.
      if (owner && owner.state !== 'terminated') throw rootVolumeStays(volumeId, rootOf)
      return change(scope, volumeId, (volume) => {
        const { attachment } = volume
        if (!attachment) {
          throw new Refusal('IncorrectState', `Volume '${volumeId}' is in the 'available' state.`)
        }
        const state = 'detaching' as const
        return { ...volume, attachment: { ...attachment, state, ...(isForced && { isForced }) } }
      })
    },
  }
}

type SnapshotCatalogue = Omit<DiskCatalogue, keyof VolumeCatalogue | keyof ImageCatalogue>

/** Disks that are copied and never written. */
function snapshotCatalogue(context: EngineContext): SnapshotCatalogue {
  const { store } = context
  return {
    async createSnapshot(scope, { volumeId, ...rest }) {
      const { source, sizeGibibytes } = await sourceOf(context, scope, volumeId)
      const part = { ...rest, volumeId, source, sizeGibibytes }
      return insertSnapshot(context, store, scope, part)
    },
    async copySnapshot(scope, { snapshotId, ...rest }) {
      const known = await completedSnapshot(context, scope, snapshotId)
      const { sizeGibibytes } = known
      const source = { diskId: snapshotId }
      const part = { ...rest, volumeId: copiedVolumeId, source, sizeGibibytes }
      return insertSnapshot(context, store, scope, part)
    },
    async deleteSnapshot(scope, id) {
      await store.transaction(async (records) => {
        const snapshot = await records.find(snapshots, scope, id)
        if (!snapshot || snapshot.value.state === 'deleting') throw snapshotNotFound(id)
        const images = await records.list(ownImages, scope)
        const user = images.find(
          ({ value }) => value.state !== 'deregistering' && snapshotsOf(value).includes(id),
        )
        if (user) throw snapshotInUse(id, user.id)
        await records.update(snapshot, { ...snapshot.value, state: 'deleting' })
      })
    },
  }
}

/** One client token makes one volume: what has been modified since cannot be compared. */
function requireSame(known: Volume, asked: Volume): void {
  if (known.modification) return
  const factsOf = ({ zone, sizeGibibytes, volumeType, iops, throughput, snapshotId }: Volume) =>
    JSON.stringify([zone, sizeGibibytes, volumeType, iops, throughput, snapshotId])
  if (factsOf(known) === factsOf(asked)) return
  throw new Refusal(
    'IdempotentParameterMismatch',
    'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
  )
}

/** The snapshot's own size when none is asked for; never less. */
async function sizeFrom(
  context: EngineContext,
  scope: Scope,
  { sizeGibibytes, snapshotId }: VolumeRequest,
): Promise<number | undefined> {
  if (snapshotId === undefined) return sizeGibibytes
  const snapshot = await completedSnapshot(context, scope, snapshotId)
  if (sizeGibibytes !== undefined && sizeGibibytes < snapshot.sizeGibibytes) {
    throw new Refusal(
      'InvalidParameterValue',
      `Volume of ${sizeGibibytes}GiB is smaller than snapshot '${snapshotId}', expect size >= ${snapshot.sizeGibibytes}GiB`,
    )
  }
  return sizeGibibytes ?? snapshot.sizeGibibytes
}

export async function completedSnapshot(
  { store }: Pick<EngineContext, 'store'>,
  scope: Scope,
  snapshotId: string,
): Promise<Snapshot> {
  const known = await store.find(snapshots, scope, snapshotId)
  if (!known || known.value.state === 'deleting') throw snapshotNotFound(snapshotId)
  if (known.value.state === 'completed') return known.value
  throw new Refusal('IncorrectState', `Snapshot is in invalid state - ${known.value.state}`)
}

/** A volume is a disk of its own; the root volume of an instance is what its machine wrote. */
async function sourceOf(
  { store }: EngineContext,
  scope: Scope,
  volumeId: string,
): Promise<Pick<Snapshot, 'source' | 'sizeGibibytes'>> {
  const known = await store.find(volumes, scope, volumeId)
  if (known && known.value.state !== 'deleting') {
    if (known.value.state === 'error') throw volumeNotMade(volumeId)
    return { source: { diskId: volumeId }, sizeGibibytes: known.value.sizeGibibytes }
  }
  const owner = await store.find(instances, scope, rootOwnerIdOf(volumeId))
  if (!owner || owner.value.state === 'terminated' || rootVolumeIdOf(owner.id) !== volumeId) {
    throw volumeNotFound(volumeId)
  }
  const sizeGibibytes = owner.value.rootVolume?.sizeGibibytes ?? rootGibibytes
  return { source: { machineId: owner.id }, sizeGibibytes }
}

async function changeVolume(
  records: Records,
  scope: Scope,
  id: string,
  to: (volume: Volume) => Volume,
): Promise<Volume> {
  const record = await modify(records, { kind: volumes, scope, id }, (volume) => {
    if (volume.state === 'deleting') throw volumeNotFound(id)
    return to(volume)
  })
  if (record) return record.value
  const instanceId = rootOwnerIdOf(id)
  const owner = await records.find(instances, scope, instanceId)
  if (!owner || owner.value.state === 'terminated') throw volumeNotFound(id)
  throw rootVolumeInUse(id, instanceId)
}

/** Which device is free is read in the same transaction: two volumes do not become one device. */
async function attachVolume(
  { store, clock }: EngineContext,
  scope: Scope,
  { volumeId, instanceId, device }: AttachRequest,
): Promise<Volume> {
  return store.transaction(async (records) => {
    const instance = (await records.find(instances, scope, instanceId))?.value
    if (!instance) throw instanceNotFound(instanceId)
    const all = await records.list(volumes, scope)
    const isTaken = all.some(
      ({ value: { attachment } }) =>
        attachment?.instanceId === instanceId && attachment.device === device,
    )
    return changeVolume(records, scope, volumeId, (volume) => {
      checkAttachment(volume, instance, { device, isTaken })
      return {
        ...volume,
        attachment: {
          ...{ instanceId, device, attachedAt: clock.now() },
          state: 'attaching',
          deleteOnTermination: false,
        },
      }
    })
  })
}

function checkAttachment(
  volume: Volume,
  instance: Instance,
  { device, isTaken }: { device: string; isTaken: boolean },
): void {
  const { volumeId } = volume
  const { instanceId } = instance
  if (volume.attachment) {
    throw new Refusal('VolumeInUse', `${volumeId} is already attached to an instance`)
  }
  if (volume.state === 'error') {
    throw new Refusal('IncorrectState', `The volume '${volumeId}' is not 'available'.`)
  }
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw new Refusal('IncorrectState', `Instance '${instanceId}' is not 'running'.`)
  }
  if (volume.zone !== instance.zone) {
    throw new Refusal(
      'InvalidVolume.ZoneMismatch',
      `The volume '${volumeId}' is not in the same availability zone as instance '${instanceId}'`,
    )
  }
  if (isTaken || device === '/dev/xvda' || device === '/dev/sda1') {
    throw new Refusal(
      'InvalidParameterValue',
      `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`,
    )
  }
}

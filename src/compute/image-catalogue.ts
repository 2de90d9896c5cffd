import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Records } from '../store/records.ts'
import { imageNotFound } from './disk-refusals.ts'
import { rootDevice } from './domain/instance-metadata.ts'
import { instanceSizes } from './domain/instance-sizes.ts'
import { deviceOf, overlaidDevices } from './domain/overlaid-devices.ts'
import {
  checkDevice,
  checkVolume,
  requireSize,
  rootGibibytes,
  type BlockDevice,
} from './domain/volume-request.ts'
import { insertSnapshot } from './insert-snapshot.ts'
import type { Instance, RootVolume } from './instance.ts'
import {
  copiedVolumeId,
  deregisteredImages,
  ownImages,
  rootVolumeIdOf,
  snapshots,
  snapshotsOf,
  volumes,
  type OwnImage,
  type Volume,
} from './volume.ts'

interface NewImage {
  readonly name: string
  readonly description: string
  readonly tags: readonly Tag[]
  readonly snapshotTags: readonly Tag[]
}

export interface InstanceImage extends NewImage {
  /** Laid over what the instance has. */
  readonly rootVolume?: RootVolume
  readonly blockDevices?: readonly BlockDevice[]
}

/** Images of one's own, as records. An image and the snapshots that are made for it come into being together or not at all. */
export interface ImageCatalogue {
  /** Of disks that are there already. */
  createImage(
    scope: Scope,
    image: Omit<OwnImage, 'imageId' | 'state' | 'createdAt'>,
  ): Promise<OwnImage>
  /** Of a machine's own disk and of all volumes that it has: of each a snapshot. */
  createImageOf(scope: Scope, instance: Instance, image: InstanceImage): Promise<OwnImage>
  /** With snapshots of its own. An id that is given and taken means the image that has it. */
  copyImage(
    scope: Scope,
    source: OwnImage,
    image: NewImage & { readonly imageId?: string },
  ): Promise<OwnImage>
  /** Its snapshots stay; gives their ids. */
  deregisterImage(scope: Scope, imageId: string): Promise<readonly string[]>
}

export function createImageCatalogue(context: EngineContext): ImageCatalogue {
  const { store, random } = context
  const nextId = (): string => resourceId(random, 'ami')
  return {
    createImage: (scope, image) =>
      store.transaction((records) =>
        insertImage(context, records, scope, { ...image, imageId: nextId() }),
      ),
    createImageOf: (scope, instance, image) =>
      store.transaction(async (records) => {
        const part = await capture(context, records, scope, { instance, image, imageId: nextId() })
        return insertImage(context, records, scope, part)
      }),
    copyImage: (scope, source, image) =>
      store.transaction(async (records) => {
        const imageId = image.imageId ?? nextId()
        const known = await records.find(ownImages, scope, imageId)
        if (known) return known.value
        const part = await copy(context, records, scope, { source, image, imageId })
        return insertImage(context, records, scope, part)
      }),
    deregisterImage: (scope, id) =>
      store.transaction(async (records) => {
        const image = await records.find(ownImages, scope, id)
        if (!image || image.value.state === 'deregistering') throw imageNotFound(id)
        await records.update(image, { ...image.value, state: 'deregistering' })
        await records.insert(deregisteredImages, { scope, id }, {})
        return snapshotsOf(image.value)
      }),
  }
}

type ImagePart = Omit<OwnImage, 'state' | 'createdAt'>

async function insertImage(
  { clock }: EngineContext,
  records: Records,
  scope: Scope,
  part: ImagePart,
): Promise<OwnImage> {
  const all = await records.list(ownImages, scope)
  if (all.some(({ value }) => value.name === part.name && value.state !== 'deregistering')) {
    throw new Refusal(
      'InvalidAMIName.Duplicate',
      `AMI name ${part.name} is already in use by another AMI`,
    )
  }
  const image = { ...part, createdAt: clock.now(), state: 'pending' } as const
  return (await records.insert(ownImages, { scope, id: part.imageId }, image)).value
}

async function capture(
  context: EngineContext,
  records: Records,
  scope: Scope,
  { instance, image, imageId }: { instance: Instance; image: InstanceImage; imageId: string },
): Promise<ImagePart> {
  const { instanceId } = instance
  const own = {
    tags: image.snapshotTags,
    description: `Created by CreateImage(${instanceId}) for ${imageId}`,
  }
  const { sizeGibibytes = rootGibibytes } = instance.rootVolume ?? {}
  const root = await insertSnapshot(context, records, scope, {
    ...{ ...own, sizeGibibytes, volumeId: rootVolumeIdOf(instanceId) },
    source: { machineId: instanceId },
  })
  const over = image.blockDevices ?? []
  const isReplaced = (device: string): boolean =>
    over.some(
      (each) =>
        each.device === device && (each.isOmitted === true || each.snapshotId !== undefined),
    )
  const devices: BlockDevice[] = []
  for (const volume of await volumesAt(records, scope, instanceId)) {
    const { attachment, volumeId } = volume
    if (volume.state === 'error' || isReplaced(attachment?.device ?? '')) continue
    const { snapshotId } = await insertSnapshot(context, records, scope, {
      ...{ ...own, volumeId, sizeGibibytes: volume.sizeGibibytes },
      source: { diskId: volumeId },
    })
    devices.push(deviceOf(volume, snapshotId))
  }
  requireSize(image.rootVolume?.sizeGibibytes, root.snapshotId, sizeGibibytes)
  const blockDevices = overlaidDevices(devices, over)
  for (const device of blockDevices) {
    const own = devices.find((each) => each.device === device.device)
    if (own) requireSize(device.sizeGibibytes, own.snapshotId ?? '', own.sizeGibibytes ?? 0)
    checkDevice(device.device)
    checkVolume(device)
  }
  const volumeType = image.rootVolume?.volumeType ?? instance.rootVolume?.volumeType
  return {
    ...{ imageId, name: image.name, description: image.description, tags: image.tags },
    source: { diskId: root.snapshotId },
    sourceInstanceId: instanceId,
    architecture: instanceSizes.get(instance.instanceType)?.architecture ?? 'x86_64',
    rootDeviceName: rootDevice,
    rootGibibytes: image.rootVolume?.sizeGibibytes ?? sizeGibibytes,
    ...(volumeType !== undefined && { rootVolumeType: volumeType }),
    blockDevices,
  }
}

/** In order of devices; what is on its way out is not among them. */
async function volumesAt(
  records: Records,
  scope: Scope,
  instanceId: string,
): Promise<readonly Volume[]> {
  const all = (await records.list(volumes, scope)).map((record) => record.value)
  return all
    .filter(
      ({ attachment }) => attachment?.instanceId === instanceId && attachment.state !== 'detaching',
    )
    .toSorted((a, b) => ((a.attachment?.device ?? '') < (b.attachment?.device ?? '') ? -1 : 1))
}

async function copy(
  context: EngineContext,
  records: Records,
  scope: Scope,
  { source, image, imageId }: { source: OwnImage; image: NewImage; imageId: string },
): Promise<ImagePart> {
  const { imageId: _, state: __, createdAt: ___, sourceInstanceId: ____, ...kept } = source
  const copyOf = async (id: string, sizeGibibytes: number): Promise<string> => {
    const known = (await records.find(snapshots, scope, id))?.value
    const { snapshotId } = await insertSnapshot(context, records, scope, {
      volumeId: copiedVolumeId,
      source: { diskId: id },
      sizeGibibytes: known?.sizeGibibytes ?? sizeGibibytes,
      description: `Copied for DestinationAmi ${imageId} from SourceAmi ${source.imageId} for SourceSnapshot ${id}.`,
      tags: image.snapshotTags,
    })
    return snapshotId
  }
  const root = 'diskId' in source.source ? source.source.diskId : undefined
  // What was imported has no snapshot: its own disk is copied.
  const diskId = root?.startsWith('snap-') === true ? root : source.imageId
  const devices: BlockDevice[] = []
  for (const device of source.blockDevices ?? []) {
    const { snapshotId, sizeGibibytes = 1 } = device
    if (snapshotId === undefined) devices.push(device)
    else devices.push({ ...device, snapshotId: await copyOf(snapshotId, sizeGibibytes) })
  }
  return {
    ...{ ...kept, imageId, name: image.name, description: image.description, tags: image.tags },
    source: { diskId: await copyOf(diskId, source.rootGibibytes ?? rootGibibytes) },
    blockDevices: devices,
  }
}

import type { Image } from '@aws-sdk/client-ec2'
import { defaultImage } from '../../compute/domain/images.ts'
import { rootDevice } from '../../compute/domain/instance-metadata.ts'
import {
  rootGibibytes,
  standardType,
  type BlockDevice,
} from '../../compute/domain/volume-request.ts'
import type { OwnImage } from '../../compute/volume.ts'
import { isoTime } from '../../kernel/clock.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Tag } from '../../kernel/tags.ts'
import { ebsContent } from './block-devices.ts'
import { metByNothing, type FilterFields } from './filters.ts'

/** An image of one's own or a public one, as DescribeImages filters and shows it. */
export interface ImageRow {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly state: NonNullable<Image['State']>
  readonly stateMessage: string | undefined
  readonly isPublic: boolean
  readonly ownerId: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly rootDeviceName: string
  /** The root volume first. */
  readonly devices: readonly BlockDevice[]
  readonly createdAt: number
  readonly sourceInstanceId: string | undefined
  readonly tags: readonly Tag[]
}

const rootType = 'gp3'

export function publicImageRow(id: string): ImageRow {
  const isAlias = id !== defaultImage.imageId
  const { description, name } = defaultImage
  return {
    id,
    name: isAlias ? `alias-of-${name}` : name,
    description: isAlias ? `Alias of ${defaultImage.imageId}. ${description}` : description,
    state: 'available',
    stateMessage: undefined,
    isPublic: true,
    ownerId: '000000000000',
    architecture: 'x86_64',
    rootDeviceName: rootDevice,
    devices: [rootDeviceOf({ rootDeviceName: rootDevice })],
    createdAt: 0,
    sourceInstanceId: undefined,
    tags: [],
  }
}

export function ownImageRow(image: OwnImage, scope: Scope): ImageRow {
  const { imageId: id, name, description, architecture, rootDeviceName, createdAt, tags } = image
  return {
    ...{ id, name, description, architecture, rootDeviceName, createdAt, tags },
    state: image.state === 'deregistering' ? 'deregistered' : image.state,
    stateMessage: image.stateMessage,
    devices: [rootDeviceOf(image), ...(image.blockDevices ?? [])],
    isPublic: false,
    ownerId: scope.account,
    sourceInstanceId: image.sourceInstanceId,
  }
}

function rootDeviceOf(
  image: Pick<OwnImage, 'rootDeviceName' | 'rootGibibytes' | 'rootVolumeType'> &
    Partial<Pick<OwnImage, 'source'>>,
): BlockDevice {
  const { source, rootDeviceName: device } = image
  const snapshotId = source && 'diskId' in source ? source.diskId : ''
  return {
    device,
    deleteOnTermination: true,
    sizeGibibytes: image.rootGibibytes ?? rootGibibytes,
    volumeType: image.rootVolumeType ?? rootType,
    ...(snapshotId.startsWith('snap-') && { snapshotId }),
  }
}

/** A filter's value of each device. */
function ofDevices(read: (device: BlockDevice) => string | undefined) {
  return (image: ImageRow): readonly string[] =>
    image.devices.flatMap((device) => [read(device) ?? []].flat())
}

export const imageFields: FilterFields<ImageRow> = {
  'image-id': (image) => image.id,
  name: (image) => image.name,
  description: (image) => image.description,
  state: (image) => image.state,
  architecture: (image) => image.architecture,
  'root-device-type': () => 'ebs',
  'root-device-name': (image) => image.rootDeviceName,
  'virtualization-type': () => 'hvm',
  'image-type': () => 'machine',
  hypervisor: () => 'xen',
  'ena-support': () => 'true',
  'platform-details': () => 'Linux/UNIX',
  'block-device-mapping.volume-type': ofDevices((each) => each.volumeType ?? standardType),
  'block-device-mapping.delete-on-termination': ofDevices((each) =>
    String(each.deleteOnTermination ?? true),
  ),
  'block-device-mapping.device-name': ofDevices((each) => each.device),
  'block-device-mapping.volume-size': ofDevices((each) => String(each.sizeGibibytes)),
  'block-device-mapping.snapshot-id': ofDevices((each) => each.snapshotId),
  'block-device-mapping.encrypted': () => 'false',
  'free-tier-eligible': () => 'false',
  'state-reason-message': (image) => image.stateMessage,
  ...metByNothing(
    'image-allowed',
    'kernel-id',
    'platform',
    'product-code',
    'product-code.type',
    'ramdisk-id',
    'source-image-id',
    'source-image-region',
    'sriov-net-support',
    'state-reason-code',
  ),
  'manifest-location': (image) => `${image.ownerId}/${image.name}`,
  'is-public': (image) => String(image.isPublic),
  'owner-id': (image) => image.ownerId,
  'owner-alias': (image) => (image.isPublic ? 'amazon' : undefined),
  'creation-date': (image) => isoTime(image.createdAt),
  'source-instance-id': (image) => image.sourceInstanceId,
}

export function imageView(image: ImageRow): Image {
  return {
    ImageId: image.id,
    Name: image.name,
    Description: image.description,
    State: image.state,
    ...(image.stateMessage !== undefined && { StateReason: { Message: image.stateMessage } }),
    Public: image.isPublic,
    OwnerId: image.ownerId,
    ImageLocation: `${image.ownerId}/${image.name}`,
    CreationDate: isoTime(image.createdAt),
    ...(image.isPublic && { ImageOwnerAlias: 'amazon' }),
    ...(image.sourceInstanceId !== undefined && { SourceInstanceId: image.sourceInstanceId }),
    ImageType: 'machine',
    Architecture: image.architecture,
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    Hypervisor: 'xen',
    EnaSupport: true,
    RootDeviceType: 'ebs',
    RootDeviceName: image.rootDeviceName,
    VirtualizationType: 'hvm',
    BlockDeviceMappings: image.devices.map((each) => ({
      DeviceName: each.device,
      Ebs: {
        DeleteOnTermination: true,
        VolumeType: standardType,
        ...ebsContent(each),
        Encrypted: false,
      },
    })),
    Tags: [...image.tags],
  }
}

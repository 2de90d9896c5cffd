import { is } from '../../../wire/accept.ts'
import { rootDevice } from '../../../compute/domain/instance-metadata.ts'
import { completedSnapshot } from '../../../compute/disk-catalogue.ts'
import { checkBlockDevices, requireOnce } from '../../../compute/launch-volumes.ts'
import { ebsMembers } from '../launch-settings.ts'
import { deviceSettings } from '../block-devices.ts'
import { invalidParameterValue, rootStays } from '../errors.ts'
import { imageNameOf } from '../image-name.ts'
import { required, tagsFor, tagSpecifications } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** Only from a snapshot of a root volume: what is in an object store is imported with the command line. */
export const registerImage: Ec2Operation<'RegisterImage'> = {
  accepts: {
    Name: true,
    Description: true,
    Architecture: true,
    RootDeviceName: true,
    VirtualizationType: is('hvm'),
    EnaSupport: true,
    BlockDeviceMappings: ebsMembers,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { store, compute }) {
    const rootDeviceName = input.RootDeviceName ?? rootDevice
    const root = input.BlockDeviceMappings?.find((each) => each.DeviceName === rootDeviceName)
    if (root?.Ebs?.DeleteOnTermination === false) throw rootStays()
    const others = input.BlockDeviceMappings?.filter((each) => each !== root)
    const { blockDevices = [] } = deviceSettings(others, undefined)
    requireOnce(blockDevices)
    const snapshotId = required(root?.Ebs?.SnapshotId, 'BlockDeviceMapping.Ebs.SnapshotId')
    const snapshot = await completedSnapshot({ store }, scope, snapshotId)
    const rootGibibytes = root?.Ebs?.VolumeSize ?? snapshot.sizeGibibytes
    if (rootGibibytes < snapshot.sizeGibibytes) {
      throw invalidParameterValue(String(rootGibibytes), 'volumeSize')
    }
    const name = imageNameOf(input.Name)
    const image = await compute.disks.createImage(scope, {
      name,
      description: input.Description ?? '',
      source: { diskId: snapshotId },
      architecture: input.Architecture === 'arm64' ? 'arm64' : 'x86_64',
      rootDeviceName,
      rootGibibytes,
      ...(root?.Ebs?.VolumeType !== undefined && { rootVolumeType: root.Ebs.VolumeType }),
      blockDevices: await checkBlockDevices({ store }, scope, blockDevices),
      tags: tagsFor('image', input.TagSpecifications),
    })
    return { ImageId: image.imageId }
  },
}

import { is } from '../../../wire/accept.ts'
import { rootDevice } from '../../../compute/domain/instance-metadata.ts'
import { completedSnapshot } from '../../../compute/disk-catalogue.ts'
import { invalidParameterValue, unsupportedMember } from '../errors.ts'
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
    BlockDeviceMappings: {
      DeviceName: true,
      Ebs: { SnapshotId: true, VolumeSize: true, VolumeType: true, DeleteOnTermination: is(true) },
    },
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { store, compute }) {
    const rootDeviceName = input.RootDeviceName ?? rootDevice
    const root = input.BlockDeviceMappings?.find((each) => each.DeviceName === rootDeviceName)
    const other = input.BlockDeviceMappings?.findIndex((each) => each !== root) ?? -1
    // An image is one disk here.
    if (other >= 0) throw unsupportedMember(`BlockDeviceMappings[${other}]`, 'RegisterImage')
    const snapshotId = required(root?.Ebs?.SnapshotId, 'BlockDeviceMapping.Ebs.SnapshotId')
    const snapshot = await completedSnapshot({ store }, scope, snapshotId)
    const rootGibibytes = root?.Ebs?.VolumeSize ?? snapshot.sizeGibibytes
    if (rootGibibytes < snapshot.sizeGibibytes) {
      throw invalidParameterValue(String(rootGibibytes), 'volumeSize')
    }
    const image = await compute.disks.createImage(scope, {
      name: required(input.Name, 'name'),
      description: input.Description ?? '',
      source: { diskId: snapshotId },
      architecture: input.Architecture === 'arm64' ? 'arm64' : 'x86_64',
      rootDeviceName,
      rootGibibytes,
      ...(root?.Ebs?.VolumeType !== undefined && { rootVolumeType: root.Ebs.VolumeType }),
      tags: tagsFor('image', input.TagSpecifications),
    })
    return { ImageId: image.imageId }
  },
}

import { is } from '../../../wire/accept.ts'
import { rootDevice } from '../../../compute/domain/instance-metadata.ts'
import { completedSnapshot } from '../../../compute/disk-catalogue.ts'
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
    const snapshotId = required(root?.Ebs?.SnapshotId, 'BlockDeviceMapping.Ebs.SnapshotId')
    await completedSnapshot({ store }, scope, snapshotId)
    const image = await compute.disks.createImage(scope, {
      name: required(input.Name, 'name'),
      description: input.Description ?? '',
      source: { diskId: snapshotId },
      architecture: input.Architecture === 'arm64' ? 'arm64' : 'x86_64',
      rootDeviceName,
      tags: tagsFor('image', input.TagSpecifications),
    })
    return { ImageId: image.imageId }
  },
}

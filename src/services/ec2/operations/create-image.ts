import { instanceNotFound } from '../../../compute/instance-refusals.ts'
import { checkBlockDevices, requireOnce } from '../../../compute/launch-volumes.ts'
import { ebsMembers } from '../launch-settings.ts'
import { deviceSettings } from '../block-devices.ts'
import { incorrectImageState } from '../errors.ts'
import { imageNameOf } from '../image-name.ts'
import { required, requiredInstanceIds, tagsByType, tagSpecifications } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const createImage: Ec2Operation<'CreateImage'> = {
  accepts: {
    InstanceId: true,
    Name: true,
    Description: true,
    NoReboot: true,
    BlockDeviceMappings: ebsMembers,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { compute, store }) {
    const [id = ''] = requiredInstanceIds([required(input.InstanceId, 'instanceId')])
    const tags = tagsByType(['image', 'snapshot'], input.TagSpecifications)
    const name = imageNameOf(input.Name)
    const instance = (await compute.instances.find(scope, id))?.value
    if (!instance) throw instanceNotFound(id)
    if (instance.state !== 'running' && instance.state !== 'stopped') throw incorrectImageState(id)
    const { rootVolume, blockDevices = [] } = deviceSettings(input.BlockDeviceMappings, undefined)
    requireOnce(blockDevices)
    const given = blockDevices.filter((each) => each.snapshotId !== undefined)
    const sized = await checkBlockDevices({ store }, scope, given)
    const image = await compute.disks.createImageOf(scope, instance, {
      name,
      description: input.Description ?? '',
      ...(rootVolume && { rootVolume }),
      blockDevices: [...blockDevices.filter((each) => !given.includes(each)), ...sized],
      tags: tags('image'),
      snapshotTags: tags('snapshot'),
    })
    return { ImageId: image.imageId }
  },
}

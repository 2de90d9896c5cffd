import { instanceNotFound } from '../../../compute/instance-refusals.ts'
import { rootDevice } from '../../../compute/domain/instance-metadata.ts'
import { instanceSizes } from '../../../compute/domain/instance-sizes.ts'
import { incorrectImageState } from '../errors.ts'
import { required, requiredInstanceIds, tagsOf, tagSpecifications } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const createImage: Ec2Operation<'CreateImage'> = {
  accepts: {
    InstanceId: true,
    Name: true,
    Description: true,
    NoReboot: true,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { compute }) {
    const [id = ''] = requiredInstanceIds([required(input.InstanceId, 'instanceId')])
    const instance = (await compute.instances.find(scope, id))?.value
    if (!instance) throw instanceNotFound(id)
    if (instance.state !== 'running' && instance.state !== 'stopped') throw incorrectImageState(id)
    const { architecture = 'x86_64' } = instanceSizes.get(instance.instanceType) ?? {}
    const tags = input.TagSpecifications?.filter((each) => each.ResourceType === 'image')
    const image = await compute.disks.createImage(scope, {
      name: required(input.Name, 'name'),
      description: input.Description ?? '',
      source: { machineId: id },
      sourceInstanceId: id,
      architecture,
      rootDeviceName: rootDevice,
      tags: (tags ?? []).flatMap((each) => tagsOf(each.Tags)),
    })
    return { ImageId: image.imageId }
  },
}

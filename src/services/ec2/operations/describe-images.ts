import type { Image } from '@aws-sdk/client-ec2'
import { defaultImage, isImageId, isKnownImage } from '../../../compute/domain/images.ts'
import { malformedId, imageNotFound } from '../errors.ts'
import { filtered, paged } from '../filters.ts'
import { describing } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeImages: Ec2Operation<'DescribeImages'> = {
  accepts: { ImageIds: true, Owners: true, ExecutableUsers: true, ...describing },
  async handle(input, _request, { compute }) {
    const ids = input.ImageIds ?? []
    for (const id of ids) {
      if (!isImageId(id)) throw malformedId('InvalidAMIID.Malformed', id, 'ami')
      if (compute.strictImages && !isKnownImage(id)) throw imageNotFound(id)
    }
    const all = (ids.length > 0 ? ids : [defaultImage.imageId]).map((id) => ({
      id,
      name: id === defaultImage.imageId ? defaultImage.name : `alias-of-${defaultImage.name}`,
      tags: [],
    }))
    const shown = filtered(all, input.Filters, {
      'image-id': (image) => image.id,
      name: (image) => image.name,
      state: () => 'available',
      architecture: () => 'x86_64',
      'root-device-type': () => 'ebs',
      'virtualization-type': () => 'hvm',
      'image-type': () => 'machine',
      'is-public': () => 'true',
      'owner-alias': () => 'amazon',
    })
    const { items, ...page } = paged(shown, (image) => image.id, input)
    return { Images: items.map(imageView), ...page }
  },
}

function imageView({ id, name }: { id: string; name: string }): Image {
  const isAlias = id !== defaultImage.imageId
  return {
    ImageId: id,
    Name: name,
    Description: isAlias
      ? `Alias of ${defaultImage.imageId}. ${defaultImage.description}`
      : defaultImage.description,
    State: 'available',
    Public: true,
    OwnerId: '000000000000',
    ImageOwnerAlias: 'amazon',
    ImageType: 'machine',
    Architecture: 'x86_64',
    PlatformDetails: 'Linux/UNIX',
    RootDeviceType: 'ebs',
    RootDeviceName: '/dev/xvda',
    VirtualizationType: 'hvm',
    BlockDeviceMappings: [],
    Tags: [],
  }
}

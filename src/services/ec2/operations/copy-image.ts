import { is } from '../../../wire/accept.ts'
import { ownImages } from '../../../compute/volume.ts'
import { imageNotFound, invalidParameterValue } from '../errors.ts'
import { required, tagsFor, tagSpecifications } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const copyImage: Ec2Operation<'CopyImage'> = {
  accepts: {
    Name: true,
    SourceImageId: true,
    SourceRegion: true,
    Description: true,
    Encrypted: is(false),
    CopyImageTags: true,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { store, compute }) {
    const region = required(input.SourceRegion, 'sourceRegion')
    if (region !== scope.region) throw invalidParameterValue(region, 'sourceRegion')
    const id = required(input.SourceImageId, 'sourceImageId')
    const source = (await store.find(ownImages, scope, id))?.value
    if (source?.state !== 'available') throw imageNotFound(id)
    const { architecture, rootDeviceName, description, tags } = source
    const image = await compute.disks.createImage(scope, {
      name: required(input.Name, 'name'),
      description: input.Description ?? description,
      source: { diskId: id },
      architecture,
      rootDeviceName,
      tags: [
        ...(input.CopyImageTags === true ? tags : []),
        ...tagsFor('image', input.TagSpecifications),
      ],
    })
    return { ImageId: image.imageId }
  },
}

import { is } from '../../../wire/accept.ts'
import { ownImages } from '../../../compute/volume.ts'
import { imageNotFound, invalidParameterValue } from '../errors.ts'
import { imageNameOf } from '../image-name.ts'
import { idOfToken, required, tagsByType, tagSpecifications } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const copyImage: Ec2Operation<'CopyImage'> = {
  accepts: {
    Name: true,
    SourceImageId: true,
    SourceRegion: true,
    Description: true,
    Encrypted: is(false),
    CopyImageTags: true,
    ClientToken: true,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { store, compute }) {
    const region = required(input.SourceRegion, 'sourceRegion')
    if (region !== scope.region) throw invalidParameterValue(region, 'sourceRegion')
    const id = required(input.SourceImageId, 'sourceImageId')
    const source = (await store.find(ownImages, scope, id))?.value
    if (source?.state !== 'available') throw imageNotFound(id)
    const tags = tagsByType(['image', 'snapshot'], input.TagSpecifications)
    const image = await compute.disks.copyImage(scope, source, {
      name: imageNameOf(input.Name),
      description: input.Description ?? source.description,
      tags: [...(input.CopyImageTags === true ? source.tags : []), ...tags('image')],
      snapshotTags: tags('snapshot'),
      ...(input.ClientToken && { imageId: idOfToken('ami', `image ${input.ClientToken}`) }),
    })
    return { ImageId: image.imageId }
  },
}

import { isImageId, isKnownImage, publicImage } from '../../../compute/domain/images.ts'
import { deregisteredImages, ownImages } from '../../../compute/volume.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { malformedId, imageNotFound } from '../errors.ts'
import { filtered, paged } from '../filters.ts'
import { imageFields, imageView, ownImageRow, publicImageRow } from '../image-view.ts'
import { describing } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeImages: Ec2Operation<'DescribeImages'> = {
  accepts: {
    ImageIds: true,
    Owners: true,
    ExecutableUsers: true,
    IncludeDeprecated: true,
    ...describing,
  },
  async handle(input, { scope }, { compute, store }) {
    const ids = input.ImageIds ?? []
    const own = (await valuesOf(store, ownImages, scope))
      .filter((image) => image.state !== 'deregistering')
      .map((image) => ownImageRow(image, scope))
    const byId = new Map(own.map((row) => [row.id, row]))
    const named = []
    for (const id of ids) {
      if (!isImageId(id)) throw malformedId('InvalidAMIID.Malformed', id, 'ami')
      const row = byId.get(id)
      const isUnknown = compute.strictImages && !isKnownImage(id)
      const isGone = isUnknown || (await store.find(deregisteredImages, scope, id)) !== undefined
      if (!row && isGone) throw imageNotFound(id)
      named.push(row ?? publicImageRow(id))
    }
    const all = ids.length > 0 ? named : [...own, publicImageRow(publicImage)]
    const owners = input.Owners ?? []
    // Public names of owners mean the public image: templates look for their AMI at the vendors that they know.
    const isWanted = (isPublic: boolean): boolean =>
      owners.length === 0 ||
      owners.some((owner) => (owner === 'self' || owner === scope.account) !== isPublic)
    const shown = filtered(
      all.filter((row) => isWanted(row.isPublic)),
      input.Filters,
      imageFields,
    )
    const { items, ...page } = paged(shown, (row) => row.id, input)
    return { Images: items.map(imageView), ...page }
  },
}

import { ownImages } from '../../../compute/volume.ts'
import { modify } from '../../../store/records.ts'
import { imageNotFound } from '../errors.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** The description alone: an image is not shared with other accounts (`LaunchPermission` is refused). */
export const modifyImageAttribute: Ec2Operation<'ModifyImageAttribute'> = {
  accepts: {
    ImageId: true,
    Attribute: (value: unknown) => value === 'description',
    Description: { Value: true },
    Value: true,
  },
  async handle(input, { scope }, { store }) {
    const id = required(input.ImageId, 'imageId')
    const description = required(input.Description?.Value ?? input.Value, 'description')
    const changed = await modify(store, { kind: ownImages, scope, id }, (image) => {
      if (image.state === 'deregistering') throw imageNotFound(id)
      return { ...image, description }
    })
    if (!changed) throw imageNotFound(id)
    return {}
  },
}

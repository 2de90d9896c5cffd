import { isImageId } from '../../../compute/domain/images.ts'
import { ownImages } from '../../../compute/volume.ts'
import { imageNotFound, invalidParameterValue, malformedId } from '../errors.ts'
import { required } from '../input.ts'
import { imageView, ownImageRow } from '../image-view.ts'
import type { Ec2Operation } from '../deps.ts'

/** Of an image of one's own, as on EC2. It is shared with nobody. */
export const describeImageAttribute: Ec2Operation<'DescribeImageAttribute'> = {
  accepts: { ImageId: true, Attribute: true },
  async handle(input, { scope }, { store }) {
    const id = required(input.ImageId, 'imageId')
    if (!isImageId(id)) throw malformedId('InvalidAMIID.Malformed', id, 'ami')
    const image = (await store.find(ownImages, scope, id))?.value
    if (!image || image.state === 'deregistering') throw imageNotFound(id)
    const answer = { ImageId: id }
    const attribute: string = required(input.Attribute, 'attribute')
    switch (attribute) {
      case 'description':
        return { ...answer, Description: { Value: image.description } }
      case 'blockDeviceMapping': {
        const { BlockDeviceMappings: mappings = [] } = imageView(ownImageRow(image, scope))
        return { ...answer, BlockDeviceMappings: mappings }
      }
      case 'launchPermission':
        return { ...answer, LaunchPermissions: [] }
      case 'productCodes':
        return { ...answer, ProductCodes: [] }
      case 'sriovNetSupport':
        return { ...answer, SriovNetSupport: { Value: 'simple' } }
      case 'kernel':
      case 'ramdisk':
      case 'bootMode':
        return answer
      default:
        throw invalidParameterValue(attribute, 'attribute')
    }
  },
}

import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deregisterImage: Ec2Operation<'DeregisterImage'> = {
  accepts: { ImageId: true },
  async handle(input, { scope }, { compute }) {
    await compute.disks.deregisterImage(scope, required(input.ImageId, 'imageId'))
    return {}
  },
}

import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteVolume: Ec2Operation<'DeleteVolume'> = {
  accepts: { VolumeId: true },
  async handle(input, { scope }, { compute }) {
    await compute.disks.deleteVolume(scope, required(input.VolumeId, 'volumeId'))
    return {}
  },
}

import { required, tagsFor, tagSpecifications } from '../input.ts'
import { snapshotView } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const createSnapshot: Ec2Operation<'CreateSnapshot'> = {
  accepts: { VolumeId: true, Description: true, TagSpecifications: tagSpecifications },
  async handle(input, { scope }, { compute }) {
    const snapshot = await compute.disks.createSnapshot(scope, {
      volumeId: required(input.VolumeId, 'volumeId'),
      description: input.Description ?? '',
      tags: tagsFor('snapshot', input.TagSpecifications),
    })
    return snapshotView(snapshot, scope)
  },
}

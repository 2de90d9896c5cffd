import { volumeNotFound } from '../../../compute/disk-refusals.ts'
import { invalidParameterValue } from '../errors.ts'
import { chosen } from '../filters.ts'
import { required } from '../input.ts'
import { allVolumes } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeVolumeAttribute: Ec2Operation<'DescribeVolumeAttribute'> = {
  accepts: { VolumeId: true, Attribute: true },
  async handle(input, { scope }, { store }) {
    const VolumeId = required(input.VolumeId, 'volumeId')
    chosen(await allVolumes(store, scope), [VolumeId], {
      idOf: (volume) => volume.volumeId,
      missing: volumeNotFound,
    })
    const attribute: string = input.Attribute ?? ''
    switch (attribute) {
      case 'autoEnableIO':
        return { VolumeId, AutoEnableIO: { Value: false } }
      case 'productCodes':
        return { VolumeId, ProductCodes: [] }
      default:
        throw invalidParameterValue(attribute, 'attribute')
    }
  },
}

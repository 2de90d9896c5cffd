import { volumeNotFound } from '../../../compute/disk-refusals.ts'
import { chosen, filtered, paged } from '../filters.ts'
import { describing } from '../input.ts'
import { allVolumes, volumeFields, volumeView } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeVolumes: Ec2Operation<'DescribeVolumes'> = {
  accepts: { VolumeIds: true, ...describing },
  async handle(input, { scope }, { store }) {
    const all = await allVolumes(store, scope)
    const wanted = chosen(all, input.VolumeIds, {
      idOf: (volume) => volume.volumeId,
      missing: volumeNotFound,
    })
    const shown = filtered(wanted, input.Filters, volumeFields)
    const { items, ...page } = paged(shown, (volume) => volume.volumeId, input)
    return { Volumes: items.map(volumeView), ...page }
  },
}

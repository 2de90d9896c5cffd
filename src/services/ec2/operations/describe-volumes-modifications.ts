import { volumeNotFound } from '../../../compute/disk-refusals.ts'
import { volumes } from '../../../compute/volume.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { chosen, filtered, paged } from '../filters.ts'
import { describing } from '../input.ts'
import { modificationView } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeVolumesModifications: Ec2Operation<'DescribeVolumesModifications'> = {
  accepts: { VolumeIds: true, ...describing },
  async handle(input, { scope }, { store }) {
    const all = await valuesOf(store, volumes, scope)
    const wanted = chosen(all, input.VolumeIds, {
      idOf: (volume) => volume.volumeId,
      missing: volumeNotFound,
    }).filter((volume) => volume.modification !== undefined)
    const shown = filtered(wanted, input.Filters, {
      'volume-id': (volume) => volume.volumeId,
      'modification-state': () => 'completed',
    })
    const { items, ...page } = paged(shown, (volume) => volume.volumeId, input)
    return { VolumesModifications: items.map(modificationView), ...page }
  },
}

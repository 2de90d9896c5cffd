import { volumeNotFound } from '../../../compute/disk-refusals.ts'
import type { VolumeModification } from '@aws-sdk/client-ec2'
import { volumes, type Volume } from '../../../compute/volume.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { chosen, filtered, paged } from '../filters.ts'
import { describing } from '../input.ts'
import { modificationView } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

const shown =
  (read: (view: VolumeModification) => number | string | undefined) => (volume: Volume) => {
    const value = read(modificationView(volume))
    return value === undefined ? undefined : String(value)
  }

export const describeVolumesModifications: Ec2Operation<'DescribeVolumesModifications'> = {
  accepts: { VolumeIds: true, ...describing },
  async handle(input, { scope }, { store }) {
    const all = await valuesOf(store, volumes, scope)
    const wanted = chosen(all, input.VolumeIds, {
      idOf: (volume) => volume.volumeId,
      missing: volumeNotFound,
    }).filter((volume) => volume.modification !== undefined)
    const found = filtered(wanted, input.Filters, {
      'volume-id': (volume) => volume.volumeId,
      'modification-state': () => 'completed',
      'original-iops': shown((view) => view.OriginalIops),
      'original-size': shown((view) => view.OriginalSize),
      'original-volume-type': shown((view) => view.OriginalVolumeType),
      originalMultiAttachEnabled: () => 'false',
      'start-time': shown((view) => view.StartTime?.toISOString()),
      'target-iops': shown((view) => view.TargetIops),
      'target-size': shown((view) => view.TargetSize),
      'target-volume-type': shown((view) => view.TargetVolumeType),
      targetMultiAttachEnabled: () => 'false',
    })
    const { items, ...page } = paged(found, (volume) => volume.volumeId, input)
    return { VolumesModifications: items.map(modificationView), ...page }
  },
}

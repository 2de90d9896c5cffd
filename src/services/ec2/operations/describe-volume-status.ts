import { volumeNotFound } from '../../../compute/disk-refusals.ts'
import { chosen, filtered, metByNothing, paged } from '../filters.ts'
import { describing } from '../input.ts'
import { allVolumes } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeVolumeStatus: Ec2Operation<'DescribeVolumeStatus'> = {
  accepts: { VolumeIds: true, ...describing },
  async handle(input, { scope }, { store }) {
    const all = await allVolumes(store, scope)
    const wanted = chosen(all, input.VolumeIds, {
      idOf: (volume) => volume.volumeId,
      missing: volumeNotFound,
    }).map(
      (volume) => ({ ...volume, status: volume.state === 'error' ? 'impaired' : 'ok' }) as const,
    )
    const shown = filtered(wanted, input.Filters, {
      'availability-zone': (volume) => volume.zone,
      'volume-status.status': (volume) => volume.status,
      'volume-status.details-name': () => 'io-enabled',
      'volume-status.details-status': (volume) => (volume.status === 'ok' ? 'passed' : 'failed'),
      ...metByNothing(
        'action.code',
        'action.description',
        'action.event-id',
        'event.description',
        'event.event-id',
        'event.event-type',
        'event.not-after',
        'event.not-before',
      ),
    })
    const { items, ...page } = paged(shown, (volume) => volume.volumeId, input)
    return {
      VolumeStatuses: items.map(({ volumeId, zone, status }) => ({
        VolumeId: volumeId,
        AvailabilityZone: zone,
        VolumeStatus: {
          Status: status,
          Details: [{ Name: 'io-enabled', Status: status === 'ok' ? 'passed' : 'failed' }],
        },
        Actions: [],
        Events: [],
      })),
      ...page,
    }
  },
}

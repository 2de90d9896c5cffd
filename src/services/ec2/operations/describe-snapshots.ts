import { snapshotNotFound } from '../../../compute/disk-refusals.ts'
import { snapshots } from '../../../compute/volume.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { chosen, filtered, metByNothing, paged } from '../filters.ts'
import { describing } from '../input.ts'
import { snapshotView } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeSnapshots: Ec2Operation<'DescribeSnapshots'> = {
  accepts: { SnapshotIds: true, OwnerIds: true, RestorableByUserIds: true, ...describing },
  async handle(input, { scope }, { store }) {
    const all = (await valuesOf(store, snapshots, scope)).filter(
      ({ state }) => state !== 'deleting',
    )
    const wanted = chosen(all, input.SnapshotIds, {
      idOf: (snapshot) => snapshot.snapshotId,
      missing: snapshotNotFound,
    })
    const owners = input.OwnerIds ?? []
    const isOurs = owners.length === 0 || owners.some((id) => ['self', scope.account].includes(id))
    const shown = filtered(isOurs ? wanted : [], input.Filters, {
      'snapshot-id': (snapshot) => snapshot.snapshotId,
      'volume-id': (snapshot) => snapshot.volumeId,
      'volume-size': (snapshot) => String(snapshot.sizeGibibytes),
      description: (snapshot) => snapshot.description,
      status: (snapshot) => snapshot.state,
      'start-time': (snapshot) => new Date(snapshot.startedAt).toISOString(),
      'owner-id': () => scope.account,
      encrypted: () => 'false',
      progress: (snapshot) => snapshotView(snapshot, scope).Progress,
      'storage-tier': () => 'standard',
      ...metByNothing('owner-alias', 'transfer-type'),
    })
    const { items, ...page } = paged(shown, (snapshot) => snapshot.snapshotId, input)
    return { Snapshots: items.map((snapshot) => snapshotView(snapshot, scope)), ...page }
  },
}

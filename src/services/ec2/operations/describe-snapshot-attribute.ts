import { snapshotNotFound } from '../../../compute/disk-refusals.ts'
import { snapshots } from '../../../compute/volume.ts'
import { invalidParameterValue } from '../errors.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** A snapshot is shared with nobody. */
export const describeSnapshotAttribute: Ec2Operation<'DescribeSnapshotAttribute'> = {
  accepts: { SnapshotId: true, Attribute: true },
  async handle(input, { scope }, { store }) {
    const SnapshotId = required(input.SnapshotId, 'snapshotId')
    const found = await store.find(snapshots, scope, SnapshotId)
    if (!found || found.value.state === 'deleting') throw snapshotNotFound(SnapshotId)
    const attribute: string = required(input.Attribute, 'attribute')
    switch (attribute) {
      case 'createVolumePermission':
        return { SnapshotId, CreateVolumePermissions: [] }
      case 'productCodes':
        return { SnapshotId, ProductCodes: [] }
      default:
        throw invalidParameterValue(attribute, 'attribute')
    }
  },
}

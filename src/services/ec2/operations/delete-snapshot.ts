import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteSnapshot: Ec2Operation<'DeleteSnapshot'> = {
  accepts: { SnapshotId: true },
  async handle(input, { scope }, { compute }) {
    await compute.disks.deleteSnapshot(scope, required(input.SnapshotId, 'snapshotId'))
    return {}
  },
}

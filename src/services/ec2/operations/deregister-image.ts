import type { SnapshotReturnCodes } from '@aws-sdk/client-ec2'
import { Refusal } from '../../../network/refusal.ts'
import { required } from '../input.ts'
import type { Ec2Deps, Ec2Operation } from '../deps.ts'
import type { Scope } from '../../../kernel/scope.ts'

export const deregisterImage: Ec2Operation<'DeregisterImage'> = {
  accepts: { ImageId: true, DeleteAssociatedSnapshots: true },
  async handle(input, { scope }, { compute }) {
    const snapshots = await compute.disks.deregisterImage(scope, required(input.ImageId, 'imageId'))
    if (input.DeleteAssociatedSnapshots !== true) return { Return: true }
    const results = await Promise.all(
      snapshots.map(async (SnapshotId) => ({
        SnapshotId,
        ReturnCode: await deleted(compute, scope, SnapshotId),
      })),
    )
    return { Return: true, DeleteSnapshotResults: results }
  },
}

/** One that another image is made of stays. */
async function deleted(
  compute: Ec2Deps['compute'],
  scope: Scope,
  snapshotId: string,
): Promise<SnapshotReturnCodes> {
  try {
    await compute.disks.deleteSnapshot(scope, snapshotId)
    return 'success'
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return thrown.code === 'InvalidSnapshot.InUse' ? 'skipped' : 'client-error'
  }
}

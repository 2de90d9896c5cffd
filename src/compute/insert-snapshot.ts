import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Records } from '../store/records.ts'
import { snapshots, type Snapshot } from './volume.ts'

/** A snapshot that is to be taken: from here on the disk reconciler makes it. */
export async function insertSnapshot(
  { clock, random }: Pick<EngineContext, 'clock' | 'random'>,
  records: Records,
  scope: Scope,
  part: Omit<Snapshot, 'snapshotId' | 'startedAt' | 'state'>,
): Promise<Snapshot> {
  const snapshotId = resourceId(random, 'snap')
  const snapshot = { ...part, snapshotId, startedAt: clock.now(), state: 'pending' } as const
  return (await records.insert(snapshots, { scope, id: snapshotId }, snapshot)).value
}

import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision, type Kind, type StoredRecord } from '../store/records.ts'
import { deduplications } from './publisher.ts'
import { subscriptionRecords } from './subscription.ts'

const minuteMilliseconds = 60_000
/** AWS: what nobody confirmed is removed after this. */
const unconfirmedMilliseconds = 48 * 3_600_000

/** Removes what has ended by time: subscriptions that nobody confirmed, and deduplication ids. */
export function sweepReconciler({ store, clock }: EngineContext): Reconciler {
  async function sweep<T>(
    kind: Kind<T>,
    isOver: (record: StoredRecord<T>) => boolean,
  ): Promise<void> {
    for (const record of await store.listAll(kind)) {
      if (!isOver(record)) continue
      try {
        await store.remove(record)
      } catch (thrown) {
        if (!(thrown instanceof StaleRevision)) throw thrown
      }
    }
  }
  return {
    name: 'topics/sweep',
    periodMilliseconds: minuteMilliseconds,
    concurrencyMax: 1,
    wakes: [],
    keys: async () => ['all'],
    async reconcile() {
      const now = clock.now()
      await sweep(deduplications, ({ value }) => value.until <= now)
      await sweep(
        subscriptionRecords,
        ({ value }) => !value.isConfirmed && value.createdAt + unconfirmedMilliseconds <= now,
      )
      return undefined
    },
  }
}

import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision } from '../store/records.ts'
import { sessions } from './records.ts'

/** An expired session stays this long, so that its holder is told "expired", not "unknown". */
const keptMilliseconds = 3_600_000

/** Removes sessions long expired. A reconciler: repeating it changes nothing. */
export function sessionSweeper({ store, clock }: EngineContext): Reconciler {
  return {
    name: 'identity/sessions',
    periodMilliseconds: 600_000,
    concurrencyMax: 1,
    wakes: [],
    async keys() {
      return ['all']
    },
    async reconcile() {
      for (const record of await store.listAll(sessions)) {
        if (record.value.expiresAt + keptMilliseconds > clock.now()) continue
        await store.remove(record).catch((thrown: unknown) => {
          if (!(thrown instanceof StaleRevision)) throw thrown
        })
      }
      return undefined
    },
  }
}

import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision } from '../store/records.ts'
import { activities } from './group.ts'

/** AWS keeps activities for six weeks. */
const keptMilliseconds = 42 * 24 * 3_600_000
/** More than this many of one group are of no use to anyone and slow its lists. */
const keptPerGroupMax = 1000

/** Forgets old activities. A reconciler: repeating it changes nothing. */
export function activitySweeper({ store, clock }: EngineContext): Reconciler {
  return {
    name: 'scale/activities',
    periodMilliseconds: 3_600_000,
    concurrencyMax: 1,
    wakes: [],
    async keys() {
      const all = await store.listAll(activities)
      return [...new Set(all.map((record) => keyOf(record.scope, record.owner ?? '')))]
    },
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const records = await store.list(activities, scope, { owner: id })
      const newestFirst = [...records].sort((a, b) => b.value.startTime - a.value.startTime)
      for (const [index, record] of newestFirst.entries()) {
        const isOld = record.value.startTime + keptMilliseconds < clock.now()
        if (!isOld && index < keptPerGroupMax) continue
        await store.remove(record).catch((thrown: unknown) => {
          if (!(thrown instanceof StaleRevision)) throw thrown
        })
      }
      return undefined
    },
  }
}

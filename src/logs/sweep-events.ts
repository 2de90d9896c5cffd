import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision, type StoredRecord } from '../store/records.ts'
import type { EventStore } from './event-store.ts'
import { keptFrom, logGroups, logStreams, remains } from './log-group.ts'
import { metricFilters } from './metric-filter.ts'

/** So many events, or records, are removed at a time. */
const chunkMax = 5000
const retentionPeriodMilliseconds = 60_000
/** Writes that were under way when a group or stream was deleted are over by then. */
const lingerMilliseconds = 60_000

/** Removes events past their group's retention. Nobody sees them from that moment; this makes room. */
export function retentionReconciler(
  { store, clock }: EngineContext,
  events: EventStore,
): Reconciler {
  return {
    name: 'logs/retention',
    periodMilliseconds: retentionPeriodMilliseconds,
    concurrencyMax: 1,
    wakes: [],
    async keys() {
      const groups = await store.listAll(logGroups)
      return groups
        .filter(({ value }) => value.retentionDays !== undefined)
        .map(({ scope, id }) => keyOf(scope, id))
    },
    async reconcile(key, signal) {
      const { scope, id } = openKey(key)
      const group = (await store.find(logGroups, scope, id))?.value
      if (group?.retentionDays === undefined) return undefined
      const query = { group: group.id, before: keptFrom(group, clock.now()), eventsMax: chunkMax }
      while (!signal.aborted) {
        if ((await events.expire(query)) < chunkMax) break
      }
      return undefined
    },
  }
}

/** Removes what deleted groups and streams leave behind. A reconciler: each step leaves less, and the record goes last. */
export function remainsReconciler({ store, clock }: EngineContext, events: EventStore): Reconciler {
  async function removeRecords(groupId: string, signal: AbortSignal): Promise<void> {
    for (const kind of [logStreams, metricFilters]) {
      while (!signal.aborted) {
        const owned = await store.listAll<unknown>(kind, { owner: groupId, itemsMax: chunkMax })
        await Promise.all(owned.map((record) => removed(record)))
        if (owned.length < chunkMax) break
      }
    }
  }
  async function removed(record: StoredRecord<unknown>): Promise<void> {
    await store.remove(record).catch((thrown: unknown) => {
      if (!(thrown instanceof StaleRevision)) throw thrown
    })
  }

  return {
    name: 'logs/remains',
    periodMilliseconds: lingerMilliseconds,
    concurrencyMax: 2,
    wakes: [{ kind: remains, keysOf: ({ scope, id }) => [keyOf(scope, id)] }],
    async keys() {
      return (await store.listAll(remains)).map(({ scope, id }) => keyOf(scope, id))
    },
    async reconcile(key, signal) {
      const { scope, id } = openKey(key)
      const record = await store.find(remains, scope, id)
      if (!record) return undefined
      const { of, deletedAt } = record.value
      if ('group' in of) await removeRecords(of.group, signal)
      while (!signal.aborted && (await events.purge(of, chunkMax)) > 0) continue
      const wait = deletedAt + lingerMilliseconds - clock.now()
      if (signal.aborted) return undefined
      if (wait > 0) return { againAfterMilliseconds: wait }
      await removed(record)
      return undefined
    },
  }
}

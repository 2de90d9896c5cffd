import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision } from '../store/records.ts'
import type { FilterIndex } from './filter-index.ts'
import type { LogMetrics } from './log-metrics.ts'
import { filterMinutes, type FilterMinute } from './metric-filter.ts'

const minuteMilliseconds = 60_000
/** A minute's events may come a little later than the minute ends. */
const graceMilliseconds = 5_000
/** Minutes that this server has written down; above it the memory starts anew. */
const knownMax = 10_000

/** Whether the events of each minute matched a filter, for filters that have a value for minutes in which none did. */
export class FilterMinutes {
  readonly #context: EngineContext
  readonly #known = new Map<string, boolean>()

  constructor(context: EngineContext) {
    this.#context = context
  }

  /** Writes down what is new of a filter's minutes: which have events at all, and which have some that matched. */
  async note(
    filterKey: string,
    minutes: ReadonlySet<number>,
    matched: ReadonlySet<number>,
  ): Promise<void> {
    for (const at of minutes) {
      const isMatched = matched.has(at)
      const key = `${filterKey}/${at}`
      const known = this.#known.get(key)
      if (known === true || known === isMatched) continue
      await this.#write(filterKey, at, isMatched)
      if (this.#known.size > knownMax) this.#known.clear()
      this.#known.set(key, isMatched)
    }
  }

  async #write(filterKey: string, at: number, isMatched: boolean): Promise<void> {
    const { store, clock } = this.#context
    const { scope, id: filterId } = openKey(filterKey)
    const end = Math.max(at + minuteMilliseconds, clock.now())
    const minute: FilterMinute = { filterKey, at, isMatched, dueAt: end + graceMilliseconds }
    const id = `${filterId}/${at}`
    await store.transaction(async (records) => {
      const held = await records.find(filterMinutes, scope, id)
      if (!held) await records.insert(filterMinutes, { scope, id }, minute)
      else if (isMatched && !held.value.isMatched) {
        await records.update(held, { ...held.value, isMatched })
      }
    })
  }
}

/** The start of a time's minute. */
export function minuteOf(at: number): number {
  return Math.floor(at / minuteMilliseconds) * minuteMilliseconds
}

/** Writes the default values of minutes that are over. A reconciler: what is written twice after a crash is the default once more. */
export function defaultsReconciler(
  { store, clock }: EngineContext,
  index: FilterIndex,
  metrics: LogMetrics,
): Reconciler {
  async function settle(scope: Scope, { filterKey, at, isMatched }: FilterMinute): Promise<void> {
    const filter = isMatched ? undefined : await index.find(filterKey)
    const defaults = (filter?.transformations ?? []).flatMap((transformation) => {
      const { metricNamespace: namespace, metricName: name, defaultValue, unit } = transformation
      if (defaultValue === undefined) return []
      return [{ namespace, name, dimensions: {}, unit: unit ?? 'None', value: defaultValue, at }]
    })
    if (defaults.length > 0) await metrics.put(scope, defaults)
  }

  return {
    name: 'logs/filter-minutes',
    periodMilliseconds: graceMilliseconds,
    concurrencyMax: 1,
    wakes: [],
    async keys() {
      return ['minutes']
    },
    async reconcile() {
      const now = clock.now()
      for (const record of await store.listAll(filterMinutes)) {
        if (record.value.dueAt > now) continue
        await settle(record.scope, record.value)
        await store.remove(record).catch((thrown: unknown) => {
          if (!(thrown instanceof StaleRevision)) throw thrown
        })
      }
      return undefined
    },
  }
}

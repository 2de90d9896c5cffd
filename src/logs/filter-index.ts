import { keyOf } from '../reconcile/reconciler.ts'
import type { Store } from '../store/records.ts'
import type { CompiledFilter } from './domain/measure-events.ts'
import { parseFilterPattern } from './domain/pattern/filter-pattern.ts'
import { metricFilters } from './metric-filter.ts'

interface IndexedFilter extends CompiledFilter {
  readonly key: string
}

/** The metric filters of each group, read and ready. */
export interface FilterIndex {
  of(groupId: string): Promise<readonly IndexedFilter[]>
  /** By account, region and id. */
  find(key: string): Promise<IndexedFilter | undefined>
  close(): void
}

interface Picture {
  readonly byGroup: ReadonlyMap<string, readonly IndexedFilter[]>
  readonly byKey: ReadonlyMap<string, IndexedFilter>
}

/** Another server's filter is known here at the latest after this. */
const periodMilliseconds = 30_000

/** Drawn anew when filters changed. */
export function createFilterIndex(store: Store, now: () => number): FilterIndex {
  let picture: Promise<Picture> | undefined
  let drawnAt = 0
  const unwatch = store.watch(metricFilters, () => {
    picture = undefined
  })

  function current(): Promise<Picture> {
    if (picture && now() - drawnAt < periodMilliseconds) return picture
    drawnAt = now()
    const drawing = draw(store)
    picture = drawing
    drawing.catch(() => {
      if (picture === drawing) picture = undefined
    })
    return drawing
  }

  return {
    of: async (groupId) => (await current()).byGroup.get(groupId) ?? [],
    find: async (key) => (await current()).byKey.get(key),
    close: unwatch,
  }
}

async function draw(store: Store): Promise<Picture> {
  const byGroup = new Map<string, IndexedFilter[]>()
  const byKey = new Map<string, IndexedFilter>()
  for (const { scope, id, value: filter } of await store.listAll(metricFilters)) {
    const { groupId, pattern, transformations } = filter
    const key = keyOf(scope, id)
    const indexed = { key, pattern: parseFilterPattern(pattern), transformations }
    byKey.set(key, indexed)
    const others = byGroup.get(groupId)
    if (others) others.push(indexed)
    else byGroup.set(groupId, [indexed])
  }
  return { byGroup, byKey }
}

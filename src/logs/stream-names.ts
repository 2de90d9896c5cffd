import type { Scope } from '../kernel/scope.ts'
import type { Store } from '../store/records.ts'
import { logStreams } from './log-group.ts'

/** Streams whose names are remembered; above it the memory starts anew. */
const namesMax = 100_000

/** The names of streams by their ids: events know only those. */
export class StreamNames {
  readonly #store: Store
  readonly #byGroup = new Map<string, Map<string, string>>()
  readonly #unwatch: () => void
  #count = 0

  constructor(store: Store) {
    this.#store = store
    this.#unwatch = store.watch(logStreams, (changes) => {
      for (const { owner } of changes) this.#forget(owner ?? '')
    })
  }

  /** Of a group's streams; one that was deleted has none. */
  async of(
    scope: Scope,
    groupId: string,
    ids: Iterable<string>,
  ): Promise<ReadonlyMap<string, string>> {
    const known = this.#byGroup.get(groupId)
    if (known && [...ids].every((id) => known.has(id))) return known
    const found = await this.#store.list(logStreams, scope, { owner: groupId })
    const names = new Map(found.map(({ value }) => [value.id, value.name]))
    this.#forget(groupId)
    if (this.#count + names.size > namesMax) this.#clear()
    this.#byGroup.set(groupId, names)
    this.#count += names.size
    return names
  }

  close(): void {
    this.#unwatch()
  }

  #forget(groupId: string): void {
    this.#count -= this.#byGroup.get(groupId)?.size ?? 0
    this.#byGroup.delete(groupId)
  }

  #clear(): void {
    this.#byGroup.clear()
    this.#count = 0
  }
}

import type { Clock } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Change, Kind, Store, StoredRecord } from './records.ts'

/** Which records of a kind. A scope is needed where owner or prefix are not unique among regions. */
export interface MirrorFilter {
  readonly scope?: Scope
  readonly owner?: string
  readonly idPrefix?: string
}

export interface Mirror<T> {
  /** What the store has, by `mirrorKey`, in the order of a list: read again where it changed since the last call, and whole by period. */
  read(): Promise<ReadonlyMap<string, StoredRecord<T>>>
  /** Takes what the caller has just written, so that it need not be read again. */
  note(record: StoredRecord<T>): void
  /** The next read is a whole one: what it says turned out to be stale. */
  doubt(): void
  close(): void
}

export function mirrorKey({ scope, id }: { readonly scope: Scope; readonly id: string }): string {
  return `${scope.account}/${scope.region}/${id}`
}

/**
 * Records kept in memory for loops over many of them. Changes say what to read again; the whole list by period is the truth, as a change of
 * another server may get lost. A record may be stale: writes name its revision.
 */
export function mirrorOf<T>(
  world: { readonly store: Store; readonly clock: Clock },
  of: MirrorOptions<T>,
): Mirror<T> {
  return new RecordMirror(world, of)
}

interface MirrorOptions<T> {
  readonly kind: Kind<T>
  readonly filter?: MirrorFilter
  readonly periodMilliseconds: number
}

class RecordMirror<T> implements Mirror<T> {
  readonly #world: { readonly store: Store; readonly clock: Clock }
  readonly #of: MirrorOptions<T>
  readonly #unwatch: () => void
  /** How often each record changed since it was read. */
  readonly #changed = new Map<string, { at: Pick<Change, 'scope' | 'id'>; times: number }>()
  #records: Map<string, StoredRecord<T>> | undefined
  #listedAt = 0
  #reading: Promise<unknown> = Promise.resolve()

  constructor(world: { readonly store: Store; readonly clock: Clock }, of: MirrorOptions<T>) {
    this.#world = world
    this.#of = of
    this.#unwatch = world.store.watch(of.kind, (changes) => {
      for (const change of changes) if (isWithin(change, of.filter ?? {})) this.#hear(change)
    })
  }

  read(): Promise<ReadonlyMap<string, StoredRecord<T>>> {
    // One after the other: of two at once, the older answer could come last.
    const read = this.#reading.then(() => this.#readNow())
    this.#reading = read.catch(() => this.doubt())
    return read
  }

  note(record: StoredRecord<T>): void {
    const key = mirrorKey(record)
    const known = this.#records?.get(key)
    if (!known || known.revision >= record.revision) return
    this.#records?.set(key, record)
    const heard = this.#changed.get(key)
    if (heard && heard.times > 1) heard.times -= 1
    else this.#changed.delete(key)
  }

  doubt(): void {
    this.#listedAt = Number.NEGATIVE_INFINITY
  }

  close(): void {
    this.#unwatch()
  }

  #hear(change: Change): void {
    const key = mirrorKey(change)
    const times = (this.#changed.get(key)?.times ?? 0) + 1
    this.#changed.set(key, { at: { scope: change.scope, id: change.id }, times })
  }

  async #readNow(): Promise<Map<string, StoredRecord<T>>> {
    const { store, clock } = this.#world
    if (!this.#records || clock.now() - this.#listedAt >= this.#of.periodMilliseconds) {
      this.#records = await this.#list()
      return this.#records
    }
    const again = [...this.#changed]
    this.#changed.clear()
    const found = await Promise.all(
      again.map(([, { at }]) => store.find(this.#of.kind, at.scope, at.id)),
    )
    for (const [index, [key]] of again.entries()) {
      const record = found[index]
      if (record) this.#records.set(key, record)
      else this.#records.delete(key)
    }
    return this.#records
  }

  async #list(): Promise<Map<string, StoredRecord<T>>> {
    const { scope, ...rest } = this.#of.filter ?? {}
    const { store, clock } = this.#world
    this.#listedAt = clock.now()
    this.#changed.clear()
    const list = scope
      ? await store.list(this.#of.kind, scope, rest)
      : await store.listAll(this.#of.kind, rest)
    return new Map(list.map((record) => [mirrorKey(record), record]))
  }
}

function isWithin(change: Change, filter: MirrorFilter): boolean {
  const { scope, owner, idPrefix } = filter
  if (scope && (scope.account !== change.scope.account || scope.region !== change.scope.region)) {
    return false
  }
  if (owner !== undefined && owner !== change.owner) return false
  return idPrefix === undefined || change.id.startsWith(idPrefix)
}

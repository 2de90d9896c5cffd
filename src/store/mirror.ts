import type { Clock } from '../kernel/clock.ts'
import { isSameScope, type Scope } from '../kernel/scope.ts'
import { listInPages } from './list-in-pages.ts'
import type { Change, Kind, Store, StoredRecord } from './records.ts'

/** Which records of a kind. A scope is needed where owner or prefix are not unique among regions. */
export interface MirrorFilter {
  readonly scope?: Scope
  readonly owner?: string
  readonly idPrefix?: string
}

export interface Mirror<T> {
  /** What the store has, by `mirrorKey`: read again where it changed since the last call, and whole by period. What is new comes last. */
  read(): Promise<ReadonlyMap<string, StoredRecord<T>>>
  /** The same in the order of scopes and ids. Put in order after changes only: the same list again while there were none. */
  list(): Promise<readonly StoredRecord<T>[]>
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
  /** The records in order, until one changes. */
  #inOrder: readonly StoredRecord<T>[] | undefined
  #listedAt = 0
  #tookMilliseconds = 0
  #reading: Promise<unknown> = Promise.resolve()

  constructor(world: { readonly store: Store; readonly clock: Clock }, of: MirrorOptions<T>) {
    this.#world = world
    this.#of = of
    this.#unwatch = world.store.watch(of.kind, (changes) => {
      for (const change of changes) if (isWithin(change, of.filter ?? {})) this.#hear(change)
    })
  }

  read(): Promise<ReadonlyMap<string, StoredRecord<T>>> {
    return this.#inTurn(() => this.#readNow())
  }

  list(): Promise<readonly StoredRecord<T>[]> {
    return this.#inTurn(async () => {
      const records = await this.#readNow()
      this.#inOrder ??= inOrder(records)
      return this.#inOrder
    })
  }

  note(record: StoredRecord<T>): void {
    const key = mirrorKey(record)
    const known = this.#records?.get(key)
    if (!known || known.revision >= record.revision) return
    this.#records?.set(key, record)
    this.#inOrder = undefined
    const heard = this.#changed.get(key)
    if (heard && heard.times > 1) heard.times -= 1
    else this.#changed.delete(key)
  }

  doubt(): void {
    this.#records = undefined
  }

  close(): void {
    this.#unwatch()
  }

  #hear(change: Change): void {
    const key = mirrorKey(change)
    const times = (this.#changed.get(key)?.times ?? 0) + 1
    this.#changed.set(key, { at: { scope: change.scope, id: change.id }, times })
  }

  /** One after the other: of two at once, the older answer could come last. */
  #inTurn<Answer>(read: () => Promise<Answer>): Promise<Answer> {
    const reading = this.#reading.then(read)
    this.#reading = reading.catch(() => this.doubt())
    return reading
  }

  async #readNow(): Promise<Map<string, StoredRecord<T>>> {
    const { store } = this.#world
    const records = this.#records
    if (!records || this.#isListDue()) {
      this.#records = await this.#readWhole()
      this.#inOrder = undefined
      return this.#records
    }
    if (this.#changed.size === 0) return records
    const again = [...this.#changed]
    this.#changed.clear()
    const found = await Promise.all(
      again.map(([, { at }]) => store.find(this.#of.kind, at.scope, at.id)),
    )
    this.#inOrder = undefined
    for (const [index, [key]] of again.entries()) {
      const record = found[index]
      if (record) records.set(key, record)
      else records.delete(key)
    }
    return records
  }

  /** What was written since the list began, and noted, stays ahead of it. */
  async #readWhole(): Promise<Map<string, StoredRecord<T>>> {
    const { scope, ...rest } = this.#of.filter ?? {}
    const { store, clock } = this.#world
    const { kind } = this.#of
    const began = clock.now()
    this.#listedAt = began
    this.#changed.clear()
    const records = new Map<string, StoredRecord<T>>()
    const take = (list: readonly StoredRecord<T>[]): void => {
      for (const record of list) {
        const key = mirrorKey(record)
        const known = this.#records?.get(key)
        records.set(key, known && known.revision > record.revision ? known : record)
      }
    }
    if (!scope) take(await store.listAll(kind, rest))
    // A fleet's records come in pages, so that nobody waits for them all.
    else for await (const page of listInPages(store, { kind, scope, ...rest })) take(page)
    this.#tookMilliseconds = clock.now() - began
    return records
  }

  #isListDue(): boolean {
    const { periodMilliseconds } = this.#of
    const age = this.#world.clock.now() - this.#listedAt
    return age >= Math.max(periodMilliseconds, this.#tookMilliseconds * listShare)
  }
}

/** A long list is read again later, so that reading takes a fortieth of the time at most. */
const listShare = 40

/** By their keys, which are made already. */
function inOrder<T>(records: ReadonlyMap<string, StoredRecord<T>>): readonly StoredRecord<T>[] {
  return [...records].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, record]) => record)
}

function isWithin(change: Change, filter: MirrorFilter): boolean {
  const { scope, owner, idPrefix } = filter
  if (scope && !isSameScope(scope, change.scope)) {
    return false
  }
  if (owner !== undefined && owner !== change.owner) return false
  return idPrefix === undefined || change.id.startsWith(idPrefix)
}

import type { Clock } from '../kernel/clock.ts'
import { systemClock } from '../kernel/system/clock.ts'
import { isSameScope, type Scope } from '../kernel/scope.ts'
import { RecordExists, StaleRevision } from '../store/records.ts'
import type { Change, Kind, ListFilter, Records, Store, StoredRecord } from '../store/records.ts'

interface Row {
  readonly kind: string
  readonly scope: Scope
  readonly id: string
  readonly owner: string | undefined
  readonly revision: number
  /** JSON text, so that nobody can change a stored value by its reference. */
  readonly text: string
}

interface Lease {
  readonly holder: string
  readonly epoch: number
  readonly until: number
}

/**
 * The store contract in memory, for units. Transactions are optimistic: they keep their writes apart, and run again when
 * something that they read was written in between. Leases follow `clock`.
 */
export function memoryStore(clock: Clock = systemClock): Store {
  const rows = new Map<string, Row>()
  const kindVersions = new Map<string, number>()
  const leases = new Map<string, Lease>()
  const listeners = new Map<string, Set<(changes: readonly Change[]) => void>>()

  /** Makes the writes visible at once and tells who watches. Never waits, so nothing comes between. */
  function commit(view: View): void {
    for (const [key, row] of view.writes) {
      if (row) rows.set(key, row)
      else rows.delete(key)
    }
    tell(view.changes)
  }

  function tell(changes: readonly Change[]): void {
    const byKind = Map.groupBy(changes, (change) => change.kind)
    for (const kind of byKind.keys()) kindVersions.set(kind, (kindVersions.get(kind) ?? 0) + 1)
    for (const [kind, changesOfKind] of byKind) {
      for (const listener of listeners.get(kind) ?? []) listener(changesOfKind)
    }
  }

  function openView(): View {
    return new View(rows, (kind) => kindVersions.get(kind) ?? 0)
  }

  const single = <R>(work: (records: Records) => Promise<R>): Promise<R> =>
    committed(openView, commit, work)

  return {
    find: (kind, scope, id) => openView().find(kind, scope, id),
    list: (kind, scope, filter) => openView().list(kind, scope, filter),
    listAll: (kind, filter) => openView().listAll(kind, filter),
    insert: (kind, at, value) => single((records) => records.insert(kind, at, value)),
    update: (record, value) => single((records) => records.update(record, value)),
    remove: (record) => single((records) => records.remove(record)),
    transaction: (work) => single(work),
    watch(kind, listener) {
      const set = listeners.get(kind.name) ?? new Set()
      listeners.set(kind.name, set)
      set.add(listener)
      return () => void set.delete(listener)
    },
    async lease(name, holder, milliseconds) {
      const now = clock.now()
      const held = leases.get(name)
      if (held && held.holder !== holder && held.until > now) return undefined
      const epoch = held ? held.epoch + (held.holder === holder ? 0 : 1) : 1
      leases.set(name, { holder, epoch, until: now + milliseconds })
      return { epoch }
    },
    async clear() {
      const changes = [...rows.values()].map(changeOf)
      rows.clear()
      tell(changes)
    },
    async close() {
      listeners.clear()
    },
  }
}

/** Runs the work on a view of its own until nothing came between. */
async function committed<R>(
  openView: () => View,
  commit: (view: View) => void,
  work: (records: Records) => Promise<R>,
): Promise<R> {
  for (;;) {
    const view = openView()
    try {
      const result = await work(view)
      if (!view.isCurrent()) continue
      commit(view)
      return result
    } catch (thrown) {
      // What another commit made stale in the middle of this one is a conflict like any other.
      if (view.isCurrent() || !(thrown instanceof StaleRevision)) throw thrown
    }
  }
}

/** What one transaction sees: the rows, its own writes over them, and a note of what it read. */
class View implements Records {
  readonly writes = new Map<string, Row | undefined>()
  readonly changes: Change[] = []
  readonly #rows: ReadonlyMap<string, Row>
  readonly #versionOf: (kind: string) => number
  readonly #readRows = new Map<string, Row | undefined>()
  readonly #readKinds = new Map<string, number>()

  constructor(rows: ReadonlyMap<string, Row>, versionOf: (kind: string) => number) {
    this.#rows = rows
    this.#versionOf = versionOf
  }

  isCurrent(): boolean {
    for (const [key, row] of this.#readRows) if (this.#rows.get(key) !== row) return false
    for (const [kind, version] of this.#readKinds) {
      if (this.#versionOf(kind) !== version) return false
    }
    return true
  }

  async find<T>(kind: Kind<T>, scope: Scope, id: string): Promise<StoredRecord<T> | undefined> {
    const row = this.#read(rowKey(kind.name, scope, id))
    return row && recordOf<T>(row)
  }

  async list<T>(kind: Kind<T>, scope: Scope, filter: ListFilter = {}): Promise<StoredRecord<T>[]> {
    const rows = this.#rowsOf(kind.name, filter).filter((row) => isSameScope(row.scope, scope))
    return rows.slice(0, filter.itemsMax).map(recordOf<T>)
  }

  async listAll<T>(kind: Kind<T>, filter: ListFilter = {}): Promise<StoredRecord<T>[]> {
    return this.#rowsOf(kind.name, filter)
      .slice(0, filter.itemsMax)
      .map(recordOf<T>)
  }

  async insert<T>(
    kind: Kind<T>,
    at: { scope: Scope; id: string; owner?: string },
    value: T,
  ): Promise<StoredRecord<T>> {
    const key = rowKey(kind.name, at.scope, at.id)
    if (this.#read(key)) throw new RecordExists(`${kind.name} ${at.id} exists`)
    const { account, region } = at.scope
    return this.#write<T>(key, {
      kind: kind.name,
      scope: { account, region },
      id: at.id,
      owner: at.owner,
      revision: 1,
      text: JSON.stringify(value),
    })
  }

  async update<T>(record: StoredRecord<T>, value: T): Promise<StoredRecord<T>> {
    const row = this.#current(record)
    const text = JSON.stringify(value)
    return this.#write<T>(keyOfRow(row), { ...row, revision: row.revision + 1, text })
  }

  async remove<T>(record: StoredRecord<T>): Promise<void> {
    const row = this.#current(record)
    this.writes.set(keyOfRow(row), undefined)
    this.changes.push(changeOf(row))
  }

  #write<T>(key: string, row: Row): StoredRecord<T> {
    this.writes.set(key, row)
    this.changes.push(changeOf(row))
    return recordOf<T>(row)
  }

  #current(record: StoredRecord<unknown>): Row {
    const row = this.#read(keyOfRow(record))
    if (!row || row.revision !== record.revision) {
      throw new StaleRevision(`${record.kind} ${record.id} is no longer at ${record.revision}`)
    }
    return row
  }

  #read(key: string): Row | undefined {
    if (this.writes.has(key)) return this.writes.get(key)
    const row = this.#rows.get(key)
    if (!this.#readRows.has(key)) this.#readRows.set(key, row)
    return row
  }

  #rowsOf(kind: string, filter: ListFilter): Row[] {
    if (!this.#readKinds.has(kind)) this.#readKinds.set(kind, this.#versionOf(kind))
    const merged = new Map([...this.#rows, ...this.writes])
    return [...merged.values()]
      .filter((row) => row !== undefined)
      .filter((row) => row.kind === kind)
      .filter((row) => filter.owner === undefined || row.owner === filter.owner)
      .filter((row) => filter.idPrefix === undefined || row.id.startsWith(filter.idPrefix))
      .filter((row) => filter.idAfter === undefined || compare(row.id, filter.idAfter) > 0)
      .sort((a, b) => compare(a.id, b.id) || compare(keyOfRow(a), keyOfRow(b)))
  }
}

/** By code point, as PostgreSQL's `C` order of UTF-8 is; plain `<` goes by UTF-16 units. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  let at = 0
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at))
}

/** Surrogates stand for code points above every other unit; the end of a text comes first. */
function rank(unit: number): number {
  if (Number.isNaN(unit)) return -1
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

function rowKey(kind: string, scope: Scope, id: string): string {
  return [kind, scope.account, scope.region, id].join('\0')
}

function keyOfRow(row: { kind: string; scope: Scope; id: string }): string {
  return rowKey(row.kind, row.scope, row.id)
}

function recordOf<T>(row: Row): StoredRecord<T> {
  const { kind, scope, id, owner, revision } = row
  return { kind, scope, id, owner, revision, value: JSON.parse(row.text) as T }
}

function changeOf(row: Row): Change {
  return { kind: row.kind, scope: row.scope, id: row.id, owner: row.owner }
}

import type { QueryResult, QueryResultRow } from 'pg'
import type { Scope } from '../../kernel/scope.ts'
import { RecordExists, StaleRevision } from '../../store/records.ts'
import type { Change, Kind, ListFilter, Records, StoredRecord } from '../../store/records.ts'
import { Lane, type LaneItem, type LaneOptions } from './lane.ts'

/** Runs one prepared statement; `name` is its name on the connection. */
export type RunQuery = <Row extends QueryResultRow>(
  name: string,
  text: string,
  values: unknown[],
) => Promise<QueryResult<Row>>

interface Row {
  readonly kind: string
  readonly account: string
  readonly region: string
  readonly id: string
  readonly owner: string | null
  readonly revision: string
  readonly value: unknown
}

const columns = 'kind, account, region, id, owner, revision, value'
const placeMatch = 'kind = $1 and account = $2 and region = $3'
const keyMatch = `${placeMatch} and id = $4`

/** How calls on one connection, or on a pool, travel together. */
export interface Travel {
  /** Statements under way at a time, for each kind in each region and each of find, insert, update and remove. */
  readonly underWayMax: number
  readonly triesEach: boolean
}

interface Place {
  readonly kind: string
  readonly scope: Scope
}

interface Write {
  readonly id: string
  readonly owner?: string | undefined
  readonly revision?: number
  readonly text?: string
}

/** Reads and writes over any connection; `changed` hears of each write, before it is committed. */
export class PostgresRecords implements Records {
  readonly #read: RunQuery
  readonly #write: RunQuery
  readonly #changed: (changes: readonly Change[]) => void
  readonly #travel: Travel
  readonly #finds = new Map<string, Lane<{ readonly id: string }, Row | undefined>>()
  readonly #writes = new Map<string, Lane<Write, boolean>>()

  constructor(
    run: { read: RunQuery; write: RunQuery },
    travel: Travel,
    changed: (changes: readonly Change[]) => void,
  ) {
    this.#read = run.read
    this.#write = run.write
    this.#travel = travel
    this.#changed = changed
  }

  async find<T>(kind: Kind<T>, scope: Scope, id: string): Promise<StoredRecord<T> | undefined> {
    const place = { kind: kind.name, scope }
    const lane = laneOf(this.#finds, place, '', () => ({
      ...this.#travel,
      sharesAnswers: true,
      run: (items) => this.#findAll(place, items),
    }))
    const row = await lane.call({ id })
    return row && recordOf<T>(row)
  }

  async list<T>(kind: Kind<T>, scope: Scope, filter: ListFilter = {}): Promise<StoredRecord<T>[]> {
    return this.#select<T>(kind, scope, filter)
  }

  async listAll<T>(kind: Kind<T>, filter: ListFilter = {}): Promise<StoredRecord<T>[]> {
    return this.#select<T>(kind, undefined, filter)
  }

  async insert<T>(
    kind: Kind<T>,
    at: { scope: Scope; id: string; owner?: string },
    value: T,
  ): Promise<StoredRecord<T>> {
    const { id, owner } = at
    const place = { kind: kind.name, scope: { ...at.scope } }
    const text = JSON.stringify(value)
    if (!(await this.#put('insert', place, { id, owner, text }))) {
      throw new RecordExists(`${kind.name} ${id} exists`)
    }
    const scope = { account: at.scope.account, region: at.scope.region }
    return copyOf({ kind: kind.name, scope, id, owner, revision: 1 }, text)
  }

  async update<T>(record: StoredRecord<T>, value: T): Promise<StoredRecord<T>> {
    const { id, owner, revision } = record
    const text = JSON.stringify(value)
    if (!(await this.#put('update', record, { id, owner, revision, text }))) {
      throw staleRevision(record)
    }
    return copyOf({ ...record, revision: revision + 1 }, text)
  }

  async remove<T>(record: StoredRecord<T>): Promise<void> {
    const { id, owner, revision } = record
    if (!(await this.#put('remove', record, { id, owner, revision }))) throw staleRevision(record)
  }

  /** False: it exists, or changed, or went. */
  #put(operation: keyof typeof statements, { kind, scope }: Place, write: Write): Promise<boolean> {
    const place = { kind, scope }
    const lane = laneOf(this.#writes, place, operation, () => ({
      ...this.#travel,
      run: async (writes) => {
        const done = await this.#putAll(operation, place, writes)
        const changes = writes.filter((_write, index) => done[index])
        if (changes.length > 0) {
          this.#changed(changes.map(({ id, owner }) => ({ kind, scope, id, owner })))
        }
        return done
      },
    }))
    return lane.call(write)
  }

  async #findAll(place: Place, items: readonly { id: string }[]): Promise<(Row | undefined)[]> {
    const at = [place.kind, place.scope.account, place.scope.region]
    const [first, ...others] = items
    if (first && others.length === 0) {
      const text = `select ${columns} from records where ${keyMatch}`
      return [(await this.#read<Row>('find', text, [...at, first.id])).rows[0]]
    }
    const text = `select ${columns} from records where ${placeMatch} and id = any($4)`
    const { rows } = await this.#read<Row>('find all', text, [...at, items.map(({ id }) => id)])
    const byId = new Map(rows.map((row) => [row.id, row]))
    return items.map(({ id }) => byId.get(id))
  }

  async #putAll(
    operation: keyof typeof statements,
    { kind, scope }: Place,
    writes: readonly Write[],
  ): Promise<boolean[]> {
    const { one, all, columnsOf } = statements[operation]
    const at = [kind, scope.account, scope.region]
    const [first, ...others] = writes
    if (first && others.length === 0) {
      const { rowCount } = await this.#write(operation, one, [...at, ...columnsOf(first)])
      return [rowCount === 1]
    }
    const rows = writes.map((write) => columnsOf(write))
    const arrays = (rows[0] ?? []).map((_value, column) => rows.map((row) => row[column]))
    const result = await this.#write<{ id: string }>(`${operation} all`, all, [...at, ...arrays])
    const done = new Set(result.rows.map((row) => row.id))
    return writes.map(({ id }) => done.has(id))
  }

  async #select<T>(
    kind: Kind<T>,
    scope: Scope | undefined,
    filter: ListFilter,
  ): Promise<StoredRecord<T>[]> {
    const values: unknown[] = [kind.name]
    const conditions = ['kind = $1']
    const add = (condition: string, value: unknown): void => {
      values.push(value)
      conditions.push(`${condition} $${values.length}`)
    }
    if (scope) add('account =', scope.account)
    if (scope) add('region =', scope.region)
    if (filter.owner !== undefined) add('owner =', filter.owner)
    if (filter.idAfter !== undefined) add('id >', filter.idAfter)
    if (filter.idPrefix !== undefined) {
      add('id >=', filter.idPrefix)
      add('id ^@', filter.idPrefix)
      add('id <=', `${filter.idPrefix}\u{10ffff}`)
    }
    if (filter.itemsMax !== undefined) values.push(filter.itemsMax)
    const limit = filter.itemsMax === undefined ? '' : ` limit $${values.length}`
    const where = conditions.join(' and ')
    const text = `select ${columns} from records where ${where} order by id, account, region${limit}`
    const name = listName(scope !== undefined, filter)
    const { rows } = await this.#read<Row>(name, text, values)
    return rows.map((row) => recordOf<T>(row))
  }
}

/** One name for each form of the statement. */
function listName(isScoped: boolean, filter: ListFilter): string {
  const parts = [
    isScoped ? 'scope' : 'all',
    filter.owner === undefined ? '' : 'owner',
    filter.idAfter === undefined ? '' : 'after',
    filter.idPrefix === undefined ? '' : 'prefix',
    filter.itemsMax === undefined ? '' : 'limit',
  ]
  return `list ${parts.join('-')}`
}

interface Statement {
  readonly one: string
  readonly all: string
  columnsOf(write: Write): unknown[]
}

/**
 * One index lookup for each row that is given, whatever PostgreSQL believes of a table that it has not looked at since it grew: `offset 0`
 * keeps the planner from joining in another order.
 */
const eachFound = `
  cross join lateral (
    select ctid as place from records as kept
    where ${placeMatch} and kept.id = given.id and kept.revision = given.revision offset 0
  ) as found
  where records.ctid = found.place`

/** Each for one row, and for many at once; the values of a row after its kind, account and region. */
const statements: Readonly<Record<'insert' | 'update' | 'remove', Statement>> = {
  insert: {
    one: `insert into records (${columns}) values ($1, $2, $3, $4, $5, 1, $6) on conflict do nothing`,
    all: `insert into records (${columns})
      select $1, $2, $3, id, owner, 1, value::json
      from unnest($4::text[], $5::text[], $6::text[]) as given (id, owner, value)
      on conflict do nothing returning id`,
    columnsOf: (write) => [write.id, write.owner ?? null, write.text],
  },
  update: {
    one: `update records set revision = revision + 1, value = $6 where ${keyMatch} and revision = $5`,
    all: `update records set revision = records.revision + 1, value = given.value::json
      from unnest($4::text[], $5::bigint[], $6::text[]) as given (id, revision, value)
      ${eachFound} returning records.id`,
    columnsOf: (write) => [write.id, write.revision, write.text],
  },
  remove: {
    one: `delete from records where ${keyMatch} and revision = $5`,
    all: `delete from records using unnest($4::text[], $5::bigint[]) as given (id, revision)
      ${eachFound} returning records.id`,
    columnsOf: (write) => [write.id, write.revision],
  },
}

/** The lane of a place, made at its first call. Kinds are few, and so are the regions that are used. */
function laneOf<Item extends LaneItem, Result>(
  lanes: Map<string, Lane<Item, Result>>,
  { kind, scope }: Place,
  operation: string,
  options: () => LaneOptions<Item, Result>,
): Lane<Item, Result> {
  const key = [operation, kind, scope.account, scope.region].join(' ')
  const known = lanes.get(key)
  if (known) return known
  const lane = new Lane(options())
  lanes.set(key, lane)
  return lane
}

function recordOf<T>(row: Row): StoredRecord<T> {
  return {
    kind: row.kind,
    scope: { account: row.account, region: row.region },
    id: row.id,
    owner: row.owner ?? undefined,
    revision: Number(row.revision),
    value: row.value as T,
  }
}

/** As it would be read back: without the caller's own objects, and without undefined members. */
function copyOf<T>(record: Omit<StoredRecord<T>, 'value'>, text: string): StoredRecord<T> {
  const { kind, scope, id, owner, revision } = record
  return { kind, scope, id, owner, revision, value: JSON.parse(text) as T }
}

function staleRevision(record: StoredRecord<unknown>): StaleRevision {
  return new StaleRevision(`${record.kind} ${record.id} is no longer at ${record.revision}`)
}

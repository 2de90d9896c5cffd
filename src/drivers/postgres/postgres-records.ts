import type { QueryResult, QueryResultRow } from 'pg'
import type { Scope } from '../../kernel/scope.ts'
import { RecordExists, StaleRevision } from '../../store/records.ts'
import type { Change, Kind, ListFilter, Records, StoredRecord } from '../../store/records.ts'

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
const keyMatch = 'kind = $1 and account = $2 and region = $3 and id = $4'

/** Reads and writes over any connection; `changed` hears of each write, before it is committed. */
export class PostgresRecords implements Records {
  readonly #read: RunQuery
  readonly #write: RunQuery
  readonly #changed: (change: Change) => void

  constructor(run: { read: RunQuery; write: RunQuery }, changed: (change: Change) => void) {
    this.#read = run.read
    this.#write = run.write
    this.#changed = changed
  }

  async find<T>(kind: Kind<T>, scope: Scope, id: string): Promise<StoredRecord<T> | undefined> {
    const text = `select ${columns} from records where ${keyMatch}`
    const values = [kind.name, scope.account, scope.region, id]
    const { rows } = await this.#read<Row>('find', text, values)
    return rows[0] && recordOf<T>(rows[0])
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
    const { account, region } = at.scope
    const { rowCount } = await this.#write(
      'insert',
      `insert into records (${columns}) values ($1, $2, $3, $4, $5, 1, $6) on conflict do nothing`,
      [kind.name, account, region, at.id, at.owner ?? null, JSON.stringify(value)],
    )
    if (rowCount !== 1) throw new RecordExists(`${kind.name} ${at.id} exists`)
    const scope = { account, region }
    const record = { kind: kind.name, scope, id: at.id, owner: at.owner, revision: 1, value }
    this.#changed(changeOf(record))
    return copyOf(record)
  }

  async update<T>(record: StoredRecord<T>, value: T): Promise<StoredRecord<T>> {
    const { rowCount } = await this.#write(
      'update',
      `update records set revision = revision + 1, value = $6 where ${keyMatch} and revision = $5`,
      [...keyValues(record), record.revision, JSON.stringify(value)],
    )
    if (rowCount !== 1) throw staleRevision(record)
    this.#changed(changeOf(record))
    return copyOf({ ...record, revision: record.revision + 1, value })
  }

  async remove<T>(record: StoredRecord<T>): Promise<void> {
    const { rowCount } = await this.#write(
      'remove',
      `delete from records where ${keyMatch} and revision = $5`,
      [...keyValues(record), record.revision],
    )
    if (rowCount !== 1) throw staleRevision(record)
    this.#changed(changeOf(record))
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

function keyValues(record: StoredRecord<unknown>): string[] {
  return [record.kind, record.scope.account, record.scope.region, record.id]
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
function copyOf<T>(record: StoredRecord<T>): StoredRecord<T> {
  return { ...record, value: JSON.parse(JSON.stringify(record.value)) as T }
}

function changeOf(record: Change): Change {
  const { kind, scope, id, owner } = record
  return { kind, scope, id, owner }
}

function staleRevision(record: StoredRecord<unknown>): StaleRevision {
  return new StaleRevision(`${record.kind} ${record.id} is no longer at ${record.revision}`)
}

import type { Scope } from '../kernel/scope.ts'

/** A family of records with one shape of value. Declare one per noun: `const vpcs = kindOf<Vpc>('ec2/vpc')`. */
export interface Kind<T> {
  readonly name: string
  /** Never set; carries the type of the value. */
  readonly value?: T
}

export function kindOf<T>(name: string): Kind<T> {
  return { name }
}

export interface StoredRecord<T> {
  readonly kind: string
  readonly scope: Scope
  readonly id: string
  /** What it belongs to, for `list({ owner })`: a VPC's id on its subnets. */
  readonly owner: string | undefined
  /** Starts at 1 and grows by 1 with each write. */
  readonly revision: number
  readonly value: T
}

export interface ListFilter {
  readonly owner?: string
  readonly idPrefix?: string
  /** Only ids that come after it, for paging. */
  readonly idAfter?: string
  /** The first ones in order. */
  readonly itemsMax?: number
}

export interface Change {
  readonly kind: string
  readonly scope: Scope
  readonly id: string
  readonly owner: string | undefined
}

/** Reads and writes of records. Values are JSON; an absent member stays absent. Lists are ordered by id, by code point. */
export interface Records {
  find<T>(kind: Kind<T>, scope: Scope, id: string): Promise<StoredRecord<T> | undefined>
  list<T>(kind: Kind<T>, scope: Scope, filter?: ListFilter): Promise<readonly StoredRecord<T>[]>
  /** Of every account and region, for reconcilers. */
  listAll<T>(kind: Kind<T>, filter?: ListFilter): Promise<readonly StoredRecord<T>[]>
  /** Throws `RecordExists` when the id is taken. */
  insert<T>(
    kind: Kind<T>,
    at: { scope: Scope; id: string; owner?: string },
    value: T,
  ): Promise<StoredRecord<T>>
  /** Throws `StaleRevision` when the record changed, or went, since it was read. */
  update<T>(record: StoredRecord<T>, value: T): Promise<StoredRecord<T>>
  /** Throws `StaleRevision` likewise. */
  remove<T>(record: StoredRecord<T>): Promise<void>
}

export interface Store extends Records {
  /** All or nothing. The work may run again after a serialization conflict: it has no effects but its writes. */
  transaction<R>(work: (records: Records) => Promise<R>): Promise<R>
  /** Called after each commit that touched the kind, with every change of that commit to it; by any server on this store. */
  watch(kind: Kind<unknown>, listener: (changes: readonly Change[]) => void): () => void
  /** Takes or renews a lease; undefined while another holder has it. The epoch grows with each change of holder. */
  lease(name: string, holder: string, milliseconds: number): Promise<{ epoch: number } | undefined>
  /** Removes every record of every kind (the `reset` of unauthenticated mode). */
  clear(): Promise<void>
  close(): Promise<void>
}

export class StaleRevision extends Error {
  override readonly name = 'StaleRevision'
}

export class RecordExists extends Error {
  override readonly name = 'RecordExists'
}

/**
 * Reads a record, applies `change`, writes it; again from the start when another writer came between, up to `attemptsMax`
 * times. `change` returns undefined to leave the record as it is. Returns the record as it then is, or undefined when
 * there is none.
 */
export async function modify<T>(
  records: Records,
  at: { kind: Kind<T>; scope: Scope; id: string },
  change: (value: T) => T | undefined,
): Promise<StoredRecord<T> | undefined> {
  for (let attempt = 1; ; attempt++) {
    const record = await records.find(at.kind, at.scope, at.id)
    if (!record) return undefined
    const value = change(record.value)
    if (value === undefined) return record
    try {
      return await records.update(record, value)
    } catch (thrown) {
      if (!(thrown instanceof StaleRevision) || attempt >= attemptsMax) throw thrown
    }
  }
}

/** More than this many lost races in a row means a writer that never rests: a bug, not contention. */
const attemptsMax = 50

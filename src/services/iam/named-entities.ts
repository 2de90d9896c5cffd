import { globalScopeOf } from '../../identity/records.ts'
import type { Scope } from '../../kernel/scope.ts'
import {
  modify,
  RecordExists,
  type Kind,
  type Records,
  type StoredRecord,
} from '../../store/records.ts'
import { entityAlreadyExists, noSuchEntity } from './errors.ts'
import type { IamDeps, Making } from './service-deps.ts'

interface Made {
  readonly madeFor?: string | undefined
}

/** How a kind of things that an account keeps by name is spoken of. */
interface Words<T> {
  readonly kind: Kind<T>
  nameOf(value: T): string
  /** For one that is not there: `role with name web`. */
  missing(name: string): string
  /** For one that is there already: `Role with name web`. */
  taken(name: string): string
}

/** What an account keeps under names of its own: users, groups, roles, instance profiles, policies. */
export interface NamedEntities<T> extends Words<T> {
  /** The one that the same request made earlier instead of a second one. Throws EntityAlreadyExists. */
  insert(deps: IamDeps, making: Making, value: T): Promise<T>
  /** Throws NoSuchEntity. */
  named(deps: IamDeps, scope: Scope, name: string | undefined): Promise<StoredRecord<T>>
  /** Throws NoSuchEntity. */
  change(deps: IamDeps, scope: Scope, name: string | undefined, change: (value: T) => T): Promise<T>
  /** The record to change within a transaction. Throws NoSuchEntity. */
  within(records: Records, scope: Scope, name: string | undefined): Promise<StoredRecord<T>>
  /** Writes a record under its value's name, which may be another one. Throws EntityAlreadyExists. */
  move(records: Records, record: StoredRecord<T>, value: T): Promise<void>
}

export function namedEntities<T extends Made>(words: Words<T>): NamedEntities<T> {
  const { kind, nameOf, missing, taken } = words
  const within = async (
    records: Records,
    scope: Scope,
    name: string | undefined,
  ): Promise<StoredRecord<T>> => {
    const found = await records.find(kind, globalScopeOf(scope), name ?? '')
    if (!found) throw noSuchEntity(missing(name ?? ''))
    return found
  }
  return {
    ...words,
    async insert({ identity }, making, value) {
      const { store } = identity.context
      const at = { scope: globalScopeOf(making.scope), id: nameOf(value) }
      try {
        await store.insert(kind, at, value)
        return value
      } catch (thrown) {
        if (!(thrown instanceof RecordExists)) throw thrown
        const held = await store.find(kind, at.scope, at.id)
        if (held && isMadeBy(making, held.value)) return held.value
        throw entityAlreadyExists(taken(at.id))
      }
    },
    named: ({ identity }, scope, name) => within(identity.context.store, scope, name),
    async change({ identity }, scope, name, change) {
      const at = { kind, scope: globalScopeOf(scope), id: name ?? '' }
      const changed = await modify(identity.context.store, at, change)
      if (!changed) throw noSuchEntity(missing(name ?? ''))
      return changed.value
    },
    within,
    async move(records, record, value) {
      const id = nameOf(value)
      if (id === record.id) {
        await records.update(record, value)
        return
      }
      if (await records.find(kind, record.scope, id)) throw entityAlreadyExists(taken(id))
      await records.remove(record)
      await records.insert(kind, { scope: record.scope, id }, value)
    },
  }
}

/** Whether the same request, made again, finds what it made. */
export function isMadeBy({ token }: Making, value: Made): boolean {
  return token !== undefined && value.madeFor === token
}

/** What a thing keeps of the request that makes it. */
export function madeFor({ token }: Making): Made {
  return token ? { madeFor: token } : {}
}

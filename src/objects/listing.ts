import type { Scope } from '../kernel/scope.ts'
import type { Store } from '../store/records.ts'
import { requireBucket } from './buckets.ts'
import { listKeys } from './list-keys.ts'
import { bucketScope, uploads, type ObjectVersion, type Upload } from './stored-object.ts'
import { findCurrent, listOlder } from './versions.ts'

export interface ListRequest {
  readonly prefix: string
  readonly delimiter: string
  /** A key or common prefix that was the last of the page before. */
  readonly after: string
  readonly itemsMax: number
}

export interface ObjectPage {
  readonly objects: readonly ObjectVersion[]
  readonly commonPrefixes: readonly string[]
  /** The last key or common prefix given, when there is more. */
  readonly next: string | undefined
}

export interface VersionPage {
  readonly versions: readonly (ObjectVersion & { readonly isLatest: boolean })[]
  readonly commonPrefixes: readonly string[]
  readonly next: { readonly key: string; readonly versionId: string } | undefined
}

/** Lists in the order of keys; what a page holds is its objects and common prefixes together. */
export class Listing {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async objects(scope: Scope, bucket: string, request: ListRequest): Promise<ObjectPage> {
    await requireBucket(this.#store, scope, bucket)
    const found: ObjectVersion[] = []
    const commonPrefixes: string[] = []
    if (request.itemsMax === 0) return { objects: [], commonPrefixes, next: undefined }
    let last = ''
    for await (const entry of listKeys(this.#store, { bucket, ...request })) {
      if ('record' in entry && !entry.record.value.content) continue
      if (found.length + commonPrefixes.length === request.itemsMax) {
        return { objects: found, commonPrefixes, next: last }
      }
      if ('record' in entry) found.push(entry.record.value)
      else commonPrefixes.push(entry.commonPrefix)
      last = 'record' in entry ? entry.key : entry.commonPrefix
    }
    return { objects: found, commonPrefixes, next: undefined }
  }

  /** All versions and delete markers; `afterVersionId` goes on within the key `after`. */
  async versions(
    scope: Scope,
    bucket: string,
    request: ListRequest & { readonly afterVersionId: string | undefined },
  ): Promise<VersionPage> {
    await requireBucket(this.#store, scope, bucket)
    const found: (ObjectVersion & { isLatest: boolean })[] = []
    const commonPrefixes: string[] = []
    if (request.itemsMax === 0) return { versions: [], commonPrefixes, next: undefined }
    let last = { key: '', versionId: '' }
    for await (const entry of this.#versionEntries(bucket, request)) {
      if (found.length + commonPrefixes.length === request.itemsMax) {
        return { versions: found, commonPrefixes, next: last }
      }
      if ('commonPrefix' in entry) {
        commonPrefixes.push(entry.commonPrefix)
        last = { key: entry.commonPrefix, versionId: '' }
      } else {
        found.push(entry)
        last = { key: entry.key, versionId: entry.versionId }
      }
    }
    return { versions: found, commonPrefixes, next: undefined }
  }

  async *#versionEntries(
    bucket: string,
    request: ListRequest & { readonly afterVersionId: string | undefined },
  ): AsyncGenerator<(ObjectVersion & { isLatest: boolean }) | { commonPrefix: string }> {
    if (request.afterVersionId !== undefined) {
      const current = await findCurrent(this.#store, bucket, request.after)
      const all = current ? await this.#versionsOf(current.value) : []
      const at = all.findIndex(({ versionId }) => versionId === request.afterVersionId)
      yield* all.slice(at + 1)
    }
    for await (const entry of listKeys(this.#store, { bucket, ...request })) {
      if ('record' in entry) yield* await this.#versionsOf(entry.record.value)
      else yield entry
    }
  }

  async #versionsOf(current: ObjectVersion): Promise<(ObjectVersion & { isLatest: boolean })[]> {
    const latest = { ...current, isLatest: true }
    if (current.sequence === 1) return [latest]
    const older = await listOlder(this.#store, current.bucket, current.key)
    return [latest, ...older.map(({ value }) => ({ ...value, isLatest: false }))]
  }

  /** Unfinished uploads below a prefix, by key. */
  async uploads(scope: Scope, bucket: string, prefix: string): Promise<readonly Upload[]> {
    await requireBucket(this.#store, scope, bucket)
    const idPrefix = `${bucket}/${prefix}`
    const records = await this.#store.list(uploads, bucketScope, { idPrefix })
    return records.map(({ value }) => value)
  }
}

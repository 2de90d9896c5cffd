import type { Readable } from 'node:stream'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Records } from '../store/records.ts'
import { requireBucket } from './buckets.ts'
import { noSuchKey, ObjectsRefusal } from './refusal.ts'
import type { SealedBlob, SealedBlobs } from './sealed-blobs.ts'
import {
  newVersionId,
  type Bucket,
  type ContentHeaders,
  type Encryption,
  type ObjectContent,
  type ObjectVersion,
} from './stored-object.ts'
import {
  findCurrent,
  findOlder,
  removeCurrent,
  removeVersion,
  writeVersion,
  type WriteConditions,
} from './versions.ts'

export interface ObjectAt {
  readonly bucket: string
  readonly key: string
  readonly versionId?: string | undefined
}

/** What an object says of itself besides its bytes. */
export interface ObjectDescription {
  readonly headers: ContentHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: readonly Tag[]
  /** Absent: as the bucket says. */
  readonly encryption?: Encryption
}

export interface FoundObject {
  readonly version: ObjectVersion
  readonly content: ObjectContent
  /** Whether the bucket keeps versions, so that the id is worth telling. */
  readonly isVersioned: boolean
}

export interface Removed {
  readonly versionId: string | undefined
  readonly isDeleteMarker: boolean
}

export interface CommitOptions {
  readonly conditions?: WriteConditions
  /** Further writes of the same transaction; gives blobs that are then not referred to any more. */
  readonly also?: (records: Records) => Promise<readonly string[]>
}

const nothingRemoved = { versionId: undefined, isDeleteMarker: false, released: [] }

/** AWS's limit in UTF-8 bytes. */
const keyBytesMax = 1024
/** A blob may go between the look at its record and its opening; then the record has changed and is read again. */
const openAttemptsMax = 5

/** Objects and their versions: bytes go to the blob store first, the record follows in one transaction. */
export class ObjectStore {
  readonly #context: EngineContext
  readonly #blobs: SealedBlobs
  readonly #release: (blobIds: readonly string[]) => Promise<void>

  constructor(
    context: EngineContext,
    blobs: SealedBlobs,
    release: (blobIds: readonly string[]) => Promise<void>,
  ) {
    this.#context = context
    this.#blobs = blobs
    this.#release = release
  }

  /** Durable when it resolves. `checksums` is asked once the body is read, since some come after it. */
  async put(
    scope: Scope,
    at: ObjectAt,
    source: {
      readonly body: AsyncIterable<Uint8Array>
      readonly description: ObjectDescription
      readonly conditions?: WriteConditions
      checksums(): Readonly<Record<string, string>>
    },
  ): Promise<ObjectVersion> {
    checkKey(at.key)
    const { settings } = await requireBucket(this.#context.store, scope, at.bucket)
    const { encryption = settings?.encryption, ...description } = source.description
    const { md5: etag, ...blob } = await this.#blobs.put(at, source.body, encryption)
    const content = {
      ...blob,
      etag,
      ...description,
      checksums: source.checksums(),
    }
    return this.commit(scope, at, content, { conditions: source.conditions ?? {} })
  }

  /**
   * Makes stored bytes the newest version. When it is refused, the bytes go; after a failure of the store nobody
   * knows whether it was committed, so they stay until the sweeper sees.
   */
  async commit(
    scope: Scope,
    at: ObjectAt,
    content: ObjectContent,
    options: CommitOptions = {},
  ): Promise<ObjectVersion> {
    const { conditions = {}, also = async () => [] } = options
    const versionId = newVersionId(this.#context.random)
    const fresh = { key: at.key, content, versionId, at: this.#context.clock.now(), conditions }
    try {
      const { version, released } = await this.#context.store.transaction(async (records) => {
        const bucket = await requireBucket(records, scope, at.bucket)
        const extra = await also(records)
        const written = await writeVersion(records, bucket, fresh)
        return { ...written, released: [...written.released, ...extra] }
      })
      await this.#release(released)
      return version
    } catch (thrown) {
      if (thrown instanceof ObjectsRefusal) await this.#release([content.blobId])
      throw thrown
    }
  }

  /** Refused as `NoSuchKey`, `NoSuchVersion`, or `MethodNotAllowed` for a delete marker's own version. */
  async require(scope: Scope, at: ObjectAt): Promise<FoundObject> {
    const { store } = this.#context
    const bucket = await requireBucket(store, scope, at.bucket)
    const version = await this.#find(bucket, at)
    if (!version?.content) throw absence(at, version)
    const isVersioned = bucket.versioning !== undefined
    return { version, content: version.content, isVersioned }
  }

  async #find(bucket: Bucket, at: ObjectAt): Promise<ObjectVersion | undefined> {
    const { store } = this.#context
    const current = await findCurrent(store, bucket.name, at.key)
    if (at.versionId === undefined || current?.value.versionId === at.versionId) {
      return current?.value
    }
    return (await findOlder(store, bucket.name, at.key, at.versionId))?.value
  }

  /** The object and its bytes, or those of a range that `rangeOf` chooses from what was found. */
  async open(
    scope: Scope,
    at: ObjectAt,
    rangeOf: (found: FoundObject) => { start: number; end: number } | undefined = () => undefined,
  ): Promise<FoundObject & { readonly body: Readable }> {
    for (let attempt = 1; ; attempt++) {
      const found = await this.require(scope, at)
      const { bucket, key, content } = { ...found.version, content: found.content }
      const body = await this.#blobs.read({ ...content, bucket, key }, rangeOf(found))
      if (body) return { ...found, body }
      if (attempt >= openAttemptsMax) {
        throw new Error(`the bytes of ${at.bucket}/${at.key}, ${found.content.blobId}, are gone`)
      }
    }
  }

  /** Bytes of their own, so that source and copy live and die apart; sealed as the copy's bucket says when `encryption` does not. */
  async copyBytes(
    scope: Scope,
    { version, content }: FoundObject,
    to: ObjectAt,
    encryption?: Encryption,
  ): Promise<SealedBlob> {
    const { settings } = await requireBucket(this.#context.store, scope, to.bucket)
    const { bucket, key } = version
    const source = { ...content, bucket, key }
    return this.#blobs.concatenate(to, [source], encryption ?? settings?.encryption)
  }

  async changeTags(scope: Scope, at: ObjectAt, tags: readonly Tag[]): Promise<ObjectVersion> {
    return this.#context.store.transaction(async (records) => {
      const bucket = await requireBucket(records, scope, at.bucket)
      const current = await findCurrent(records, bucket.name, at.key)
      const isCurrent = at.versionId === undefined || current?.value.versionId === at.versionId
      const record = isCurrent
        ? current
        : await findOlder(records, bucket.name, at.key, at.versionId ?? '')
      if (!record?.value.content) throw absence(at, record?.value)
      const { content } = record.value
      const changed = { ...record.value, content: { ...content, tags } }
      return (await records.update(record, changed)).value
    })
  }

  /** Removing what is not there succeeds, as in S3. With `onlyIfSequence` a newer version than that one stays. */
  async remove(scope: Scope, at: ObjectAt, onlyIfSequence?: number): Promise<Removed> {
    const versionId = newVersionId(this.#context.random)
    const { released, ...removed } = await this.#context.store.transaction(async (records) => {
      const bucket = await requireBucket(records, scope, at.bucket)
      if (onlyIfSequence !== undefined) {
        const current = await findCurrent(records, at.bucket, at.key)
        if (current?.value.sequence !== onlyIfSequence) return nothingRemoved
      }
      return at.versionId === undefined
        ? this.#hide(records, bucket, { key: at.key, versionId })
        : this.#removeVersion(records, bucket, { key: at.key, versionId: at.versionId })
    })
    await this.#release(released)
    return removed
  }

  async #hide(
    records: Records,
    bucket: Bucket,
    at: { key: string; versionId: string },
  ): Promise<Removed & { released: readonly string[] }> {
    if (bucket.versioning === undefined) {
      const released = await removeCurrent(records, bucket.name, at.key)
      return { versionId: undefined, isDeleteMarker: false, released }
    }
    const fresh = { ...at, at: this.#context.clock.now() }
    const { version, released } = await writeVersion(records, bucket, fresh)
    return { versionId: version.versionId, isDeleteMarker: true, released }
  }

  async #removeVersion(
    records: Records,
    bucket: Bucket,
    at: { key: string; versionId: string },
  ): Promise<Removed & { released: readonly string[] }> {
    const removed = await removeVersion(records, bucket.name, at)
    return {
      versionId: at.versionId,
      isDeleteMarker: removed !== undefined && removed.version.content === undefined,
      released: removed?.released ?? [],
    }
  }
}

export function checkKey(key: string): void {
  const size = Buffer.byteLength(key)
  if (size > keyBytesMax) {
    throw new ObjectsRefusal('KeyTooLongError', 'Your key is too long', {
      Size: String(size),
      MaxSizeAllowed: String(keyBytesMax),
    })
  }
  if (key.includes('\0')) {
    throw new ObjectsRefusal('InvalidArgument', 'A key cannot hold the character U+0000 here.', {
      ArgumentName: 'Key',
    })
  }
}

function absence(at: ObjectAt, version: ObjectVersion | undefined): ObjectsRefusal {
  if (at.versionId === undefined || (version && !version.content)) {
    const isOwnVersion = at.versionId !== undefined
    if (!version || !isOwnVersion) {
      const refusal = noSuchKey(at.key)
      return version ? markerRefusal('NoSuchKey', refusal.message, version) : refusal
    }
    const message = 'The specified method is not allowed against this resource.'
    return markerRefusal('MethodNotAllowed', message, version)
  }
  return new ObjectsRefusal('NoSuchVersion', 'The specified version does not exist.', {
    Key: at.key,
    VersionId: at.versionId,
  })
}

/** `DeleteMarkerVersionId` tells the service to say so in headers. */
function markerRefusal(
  code: 'NoSuchKey' | 'MethodNotAllowed',
  message: string,
  marker: ObjectVersion,
): ObjectsRefusal {
  return new ObjectsRefusal(code, message, {
    Key: marker.key,
    DeleteMarkerVersionId: marker.versionId,
  })
}

import { createHash } from 'node:crypto'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Records, StoredRecord } from '../store/records.ts'
import { requireBucket } from './buckets.ts'
import {
  checkKey,
  type ObjectAt,
  type ObjectDescription,
  type ObjectStore,
} from './object-store.ts'
import { noSuchUpload, ObjectsRefusal } from './refusal.ts'
import type { SealedBlobs } from './sealed-blobs.ts'
import {
  bucketScope,
  partRecordId,
  parts,
  uploadRecordId,
  uploads,
  type ObjectVersion,
  type Part,
  type PartRun,
  type Upload,
} from './stored-object.ts'
import { unquoted, type WriteConditions } from './versions.ts'

export interface UploadAt extends ObjectAt {
  readonly uploadId: string
}

export interface NamedPart {
  readonly number: number
  readonly etag: string
  /** Those that the client names must be those that the part came with. */
  readonly checksums?: Readonly<Record<string, string | undefined>>
}

/** How an upload becomes an object. */
export interface Completion {
  readonly conditions?: WriteConditions
  /** What the parts' own checksums come to; asked unless the upload wanted one over all of its bytes. */
  readonly checksums?: (parts: readonly Part[]) => Readonly<Record<string, string>>
}

/** AWS's least size of every part but the last. */
const partBytesMin = 5 * 1024 * 1024
const partNumberMax = 10_000

/** Uploads in parts. Each part is a blob of its own until they become one object. */
export class Multipart {
  readonly #context: EngineContext
  readonly #blobs: SealedBlobs
  readonly #release: (blobIds: readonly string[]) => Promise<void>
  readonly #objects: ObjectStore

  constructor(
    context: EngineContext,
    blobs: SealedBlobs,
    objects: ObjectStore,
    release: (blobIds: readonly string[]) => Promise<void>,
  ) {
    this.#context = context
    this.#blobs = blobs
    this.#release = release
    this.#objects = objects
  }

  async start(
    scope: Scope,
    at: ObjectAt,
    description: ObjectDescription & Pick<Upload, 'isWholeChecksum'>,
  ): Promise<Upload> {
    checkKey(at.key)
    const uploadId = this.#context.random.hex(32)
    const startedAt = this.#context.clock.now()
    const started = { bucket: at.bucket, key: at.key, uploadId, startedAt, ...description }
    const place = { scope: bucketScope, id: uploadRecordId(started), owner: at.bucket }
    return this.#context.store.transaction(async (records) => {
      const { settings } = await requireBucket(records, scope, at.bucket)
      const encryption = description.encryption ?? settings?.encryption
      const upload = { ...started, ...(encryption && { encryption }) }
      return (await records.insert(uploads, place, upload)).value
    })
  }

  /** Durable when it resolves; a part with the same number is replaced. */
  async putPart(
    scope: Scope,
    at: UploadAt & { readonly number: number },
    body: AsyncIterable<Uint8Array>,
    checksums: () => Readonly<Record<string, string>> = () => ({}),
  ): Promise<Part> {
    if (!Number.isInteger(at.number) || at.number < 1 || at.number > partNumberMax) {
      const message = `Part number must be an integer between 1 and ${partNumberMax}, inclusive`
      throw new ObjectsRefusal('InvalidArgument', message, { ArgumentName: 'partNumber' })
    }
    const { encryption } = await this.require(scope, at)
    const { md5, ...blob } = await this.#blobs.put(at, body, encryption)
    const { blobId } = blob
    const storedAt = this.#context.clock.now()
    const part = { ...blob, number: at.number, etag: md5, storedAt, checksums: checksums() }
    try {
      const released = await this.#context.store.transaction((records) =>
        this.#record(records, at, part),
      )
      await this.#release(released)
      return part
    } catch (thrown) {
      if (thrown instanceof ObjectsRefusal) await this.#release([blobId])
      throw thrown
    }
  }

  async #record(records: Records, at: UploadAt, part: Part): Promise<readonly string[]> {
    const upload = await records.find(uploads, bucketScope, uploadRecordId(at))
    if (!upload) throw noSuchUpload(at.uploadId)
    const id = partRecordId(at.uploadId, part.number)
    const before = await records.find(parts, bucketScope, id)
    if (before) await records.update(before, part)
    else await records.insert(parts, { scope: bucketScope, id, owner: at.uploadId }, part)
    return before ? [before.value.blobId] : []
  }

  async require(scope: Scope, at: UploadAt): Promise<Upload> {
    await requireBucket(this.#context.store, scope, at.bucket)
    const upload = await this.#context.store.find(uploads, bucketScope, uploadRecordId(at))
    if (!upload) throw noSuchUpload(at.uploadId)
    return upload.value
  }

  /** By number. */
  async parts(scope: Scope, at: UploadAt): Promise<readonly Part[]> {
    await this.require(scope, at)
    const records = await this.#context.store.list(parts, bucketScope, { owner: at.uploadId })
    return records.map(({ value }) => value)
  }

  /** Refused as `InvalidPartOrder`, `InvalidPart` or `EntityTooSmall`; the upload then stays as it is. */
  async complete(
    scope: Scope,
    at: UploadAt,
    named: readonly NamedPart[],
    { conditions = {}, checksums: whole }: Completion = {},
  ): Promise<ObjectVersion> {
    const upload = await this.require(scope, at)
    const chosen = chooseParts(named, await this.parts(scope, at))
    const { headers, metadata, tags, encryption, bucket, key } = upload
    const sources = chosen.map((part) => ({ ...part, bucket, key }))
    const { md5: _, ...blob } = await this.#blobs.concatenate(at, sources, encryption)
    const etag = etagOfParts(chosen)
    const checksums = upload.isWholeChecksum === true ? {} : (whole?.(chosen) ?? {})
    const content = { ...blob, etag, headers, metadata, tags, checksums, partRuns: runsOf(chosen) }
    return this.#objects.commit(scope, at, content, {
      conditions,
      also: (records) => end(records, at),
    })
  }

  async abort(scope: Scope, at: UploadAt): Promise<void> {
    await this.require(scope, at)
    await this.#release(await this.#context.store.transaction((records) => end(records, at)))
  }
}

function runsOf(chosen: readonly Part[]): readonly PartRun[] {
  const runs: PartRun[] = []
  for (const { size } of chosen) {
    const last = runs.at(-1)
    if (last?.size === size) runs[runs.length - 1] = { size, count: last.count + 1 }
    else runs.push({ size, count: 1 })
  }
  return runs
}

/** Removes the upload and its parts; gives the parts' blobs. */
async function end(records: Records, at: UploadAt): Promise<readonly string[]> {
  const upload = await records.find(uploads, bucketScope, uploadRecordId(at))
  if (!upload) throw noSuchUpload(at.uploadId)
  await records.remove(upload)
  const stored: readonly StoredRecord<Part>[] = await records.list(parts, bucketScope, {
    owner: at.uploadId,
  })
  for (const part of stored) await records.remove(part)
  return stored.map(({ value }) => value.blobId)
}

function chooseParts(named: readonly NamedPart[], stored: readonly Part[]): readonly Part[] {
  const byNumber = new Map(stored.map((part) => [part.number, part]))
  let before = 0
  for (const { number } of named) {
    if (number <= before) {
      throw new ObjectsRefusal(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
      )
    }
    before = number
  }
  const chosen = named.map(({ number, etag, checksums = {} }) => {
    const part = byNumber.get(number)
    const isSame = Object.entries(checksums).every(
      ([member, value]) => value === undefined || part?.checksums[member] === value,
    )
    if (part?.etag === unquoted(etag) && isSame) return part
    throw new ObjectsRefusal(
      'InvalidPart',
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { PartNumber: String(number), ETag: etag },
    )
  })
  for (const part of chosen.slice(0, -1)) {
    if (part.size >= partBytesMin) continue
    throw new ObjectsRefusal(
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
      { PartNumber: String(part.number), ProposedSize: String(part.size), ETag: part.etag },
    )
  }
  return chosen
}

function etagOfParts(chosen: readonly Part[]): string {
  const hash = createHash('md5')
  for (const { etag } of chosen) hash.update(Buffer.from(etag, 'hex'))
  return `${hash.digest('hex')}-${chosen.length}`
}

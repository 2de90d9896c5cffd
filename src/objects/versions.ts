import type { Records, StoredRecord } from '../store/records.ts'
import { preconditionFailed, noSuchKey } from './refusal.ts'
import {
  bucketScope,
  nullVersion,
  objectId,
  objects,
  olderVersionId,
  olderVersions,
  versionPrefix,
  type Bucket,
  type ObjectContent,
  type ObjectVersion,
} from './stored-object.ts'

export interface WriteConditions {
  /** `*`: only when there is no object. */
  readonly ifNoneMatch?: string
  /** The ETag that the object must have. */
  readonly ifMatch?: string
}

/** What a write did, and the blobs that nothing refers to any more. */
export interface Written {
  readonly version: ObjectVersion
  readonly released: readonly string[]
}

export interface NewVersion {
  readonly key: string
  /** Absent: a delete marker. */
  readonly content?: ObjectContent
  /** Of the version, if the bucket keeps versions. */
  readonly versionId: string
  readonly at: number
  readonly conditions?: WriteConditions
}

/** Makes a version the newest of its key, and keeps, replaces or drops the older ones as the bucket's versioning says. */
export async function writeVersion(
  records: Records,
  bucket: Bucket,
  fresh: NewVersion,
): Promise<Written> {
  const { key, content } = fresh
  const current = await findCurrent(records, bucket.name, key)
  checkConditions(key, current?.value, fresh.conditions ?? {})
  const version: ObjectVersion = {
    bucket: bucket.name,
    key,
    versionId: bucket.versioning === 'Enabled' ? fresh.versionId : nullVersion,
    sequence: (current?.value.sequence ?? 0) + 1,
    lastModified: fresh.at,
    ...(content === undefined ? {} : { content }),
  }
  if (!current) {
    await records.insert(
      objects,
      { scope: bucketScope, id: objectId(bucket.name, key), owner: bucket.name },
      version,
    )
    return { version, released: [] }
  }
  const replaced = await displace(records, current.value, version.versionId)
  await records.update(current, version)
  return { version, released: replaced.flatMap(blobsOf) }
}

/** Keeps the current version as an older one; gives the versions that the new one takes the place of. */
async function displace(
  records: Records,
  current: ObjectVersion,
  versionId: string,
): Promise<readonly ObjectVersion[]> {
  if (versionId === nullVersion && current.versionId === nullVersion) return [current]
  const { bucket, key } = current
  const replaced: ObjectVersion[] = []
  if (versionId === nullVersion) {
    const older = await findOlder(records, bucket, key, nullVersion)
    if (older) {
      await records.remove(older)
      replaced.push(older.value)
    }
  }
  const at = { scope: bucketScope, id: olderVersionId(current), owner: bucket }
  await records.insert(olderVersions, at, current)
  return replaced
}

/** Removes the object when the bucket never kept versions. */
export async function removeCurrent(
  records: Records,
  bucket: string,
  key: string,
): Promise<readonly string[]> {
  const current = await findCurrent(records, bucket, key)
  if (!current) return []
  await records.remove(current)
  return blobsOf(current.value)
}

/** Removes one version for good; the next older one becomes the newest. Undefined when it is not there. */
export async function removeVersion(
  records: Records,
  bucket: string,
  at: { key: string; versionId: string },
): Promise<Written | undefined> {
  const current = await findCurrent(records, bucket, at.key)
  if (current?.value.versionId !== at.versionId) {
    const older = await findOlder(records, bucket, at.key, at.versionId)
    if (!older) return undefined
    await records.remove(older)
    return { version: older.value, released: blobsOf(older.value) }
  }
  const idPrefix = versionPrefix(bucket, at.key)
  const [next] = await records.list(olderVersions, bucketScope, { idPrefix, itemsMax: 1 })
  if (next) {
    await records.remove(next)
    await records.update(current, next.value)
  } else await records.remove(current)
  return { version: current.value, released: blobsOf(current.value) }
}

export function findCurrent(
  records: Records,
  bucket: string,
  key: string,
): Promise<StoredRecord<ObjectVersion> | undefined> {
  return records.find(objects, bucketScope, objectId(bucket, key))
}

/** Newest first, without the current one. */
export function listOlder(
  records: Records,
  bucket: string,
  key: string,
): Promise<readonly StoredRecord<ObjectVersion>[]> {
  return records.list(olderVersions, bucketScope, { idPrefix: versionPrefix(bucket, key) })
}

export async function findOlder(
  records: Records,
  bucket: string,
  key: string,
  versionId: string,
): Promise<StoredRecord<ObjectVersion> | undefined> {
  const older = await listOlder(records, bucket, key)
  return older.find(({ value }) => value.versionId === versionId)
}

function checkConditions(
  key: string,
  current: ObjectVersion | undefined,
  conditions: WriteConditions,
): void {
  const etag = current?.content?.etag
  if (conditions.ifNoneMatch !== undefined && etag !== undefined) {
    throw preconditionFailed('If-None-Match')
  }
  if (conditions.ifMatch === undefined) return
  if (etag === undefined) throw noSuchKey(key)
  if (unquoted(conditions.ifMatch) !== etag) throw preconditionFailed('If-Match')
}

export function unquoted(etag: string): string {
  return etag.replace(/^(W\/)?"?|"$/g, '')
}

function blobsOf(version: ObjectVersion): string[] {
  return version.content ? [version.content.blobId] : []
}

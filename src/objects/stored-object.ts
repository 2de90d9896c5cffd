import type { Random } from '../kernel/random.ts'
import { globalRegion, type Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import { kindOf } from '../store/records.ts'

/** Bucket names are one space for all accounts and regions, so their records and their objects' live in one scope. */
export const bucketScope: Scope = { account: 's3', region: globalRegion }

export interface Bucket {
  readonly name: string
  readonly account: string
  readonly region: string
  readonly createdAt: number
  /** Absent until it was switched on once; then it can only be suspended. */
  readonly versioning?: 'Enabled' | 'Suspended'
  readonly tags: readonly Tag[]
  readonly settings?: BucketSettings
  /** Of the stack resource that made it, which may ask a second time after a crash. */
  readonly token?: string
}

/** What a bucket's owner set besides its versioning; each absent until it was. */
export interface BucketSettings {
  /** Of objects that do not say themselves. */
  readonly encryption?: Encryption
  readonly lifecycle?: readonly LifecycleRule[]
  /** JSON, as it was given. Shown; nobody but the owner is let in, whatever it says. */
  readonly policy?: string
  /** Nothing is public here in any case; null: the owner removed what every bucket begins with. */
  readonly publicAccessBlock?: PublicAccessBlock | null
  /** The owner removed what every bucket begins with: that all objects are the bucket's owner's. */
  readonly isOwnershipRemoved?: true
}

/** How bytes are kept: under keys of the installation in both cases. */
export interface Encryption {
  readonly algorithm: 'AES256' | 'aws:kms'
  /** Shown; keys are not asked for one by one here. */
  readonly hasBucketKey?: boolean
}

/** The key of one object's bytes, sealed. */
export interface Seal extends Encryption {
  readonly sealedKey: string
}

export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean
  readonly ignorePublicAcls: boolean
  readonly blockPublicPolicy: boolean
  readonly restrictPublicBuckets: boolean
}

/** What is to go by itself, after whole days. */
export interface LifecycleRule {
  readonly id: string
  readonly isEnabled: boolean
  readonly prefix: string
  readonly expirationDays?: number
  /** After a newer version came. */
  readonly noncurrentDays?: number
  /** Of an upload that was not completed, since it began. */
  readonly abortUploadDays?: number
}

export interface ObjectVersion {
  readonly bucket: string
  readonly key: string
  /** `null` for one written while versioning was not on. */
  readonly versionId: string
  /** Grows with each version of a key. */
  readonly sequence: number
  readonly lastModified: number
  /** Absent: a delete marker. */
  readonly content?: ObjectContent
}

export interface ObjectContent {
  readonly blobId: string
  readonly size: number
  /** Without quotes: the MD5 in hexadecimal, or `<md5 of the parts' md5s>-<count>`. */
  readonly etag: string
  readonly headers: ContentHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: readonly Tag[]
  /** Of one that was uploaded in parts: how large how many of them are, in order. */
  readonly partRuns?: readonly PartRun[]
  /** By S3's member name, `ChecksumCRC32`; Base64, with `-<count>` when it is one of the parts' checksums. */
  readonly checksums: Readonly<Record<string, string>>
  /** Absent: the bytes are as they came. */
  readonly seal?: Seal
}

/** Most uploads have many parts of one size and a last one that is smaller. */
export interface PartRun {
  readonly size: number
  readonly count: number
}

export interface ContentHeaders {
  readonly ContentType?: string
  readonly CacheControl?: string
  readonly ContentDisposition?: string
  readonly ContentEncoding?: string
  readonly ContentLanguage?: string
  /** As it was sent. */
  readonly ExpiresString?: string
  readonly WebsiteRedirectLocation?: string
}

export interface Upload {
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
  readonly startedAt: number
  readonly headers: ContentHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: readonly Tag[]
  readonly encryption?: Encryption
  /** Checksums of its parts are not to be made into one. */
  readonly isWholeChecksum?: boolean
}

export interface Part {
  readonly number: number
  readonly blobId: string
  readonly size: number
  readonly etag: string
  readonly storedAt: number
  readonly checksums: Readonly<Record<string, string>>
  readonly seal?: Seal
}

export const buckets = kindOf<Bucket>('s3/buckets')
/** The newest version of each key, also when that is a delete marker; by `<bucket>/<key>`. */
export const objects = kindOf<ObjectVersion>('s3/objects')
/** Older versions; by key and then newest first. */
export const olderVersions = kindOf<ObjectVersion>('s3/older-versions')
export const uploads = kindOf<Upload>('s3/uploads')
/** Owned by their upload's id. */
export const parts = kindOf<Part>('s3/parts')

/** Sorts before every character that keys have in practice, so that versions of `a` come before those of `a/b`. */
const mark = '\u0001'

export function objectId(bucket: string, key: string): string {
  return `${bucket}/${key}`
}

export function versionPrefix(bucket: string, key: string): string {
  return objectId(bucket, key) + mark
}

const sequenceMax = 999_999_999_999

export function olderVersionId(version: ObjectVersion): string {
  const inverse = String(sequenceMax - version.sequence).padStart(12, '0')
  return versionPrefix(version.bucket, version.key) + inverse
}

export function uploadRecordId(upload: { bucket: string; key: string; uploadId: string }): string {
  return versionPrefix(upload.bucket, upload.key) + upload.uploadId
}

export function partRecordId(uploadId: string, number: number): string {
  return `${uploadId}/${String(number).padStart(5, '0')}`
}

export const nullVersion = 'null'

export function newVersionId(random: Random): string {
  return random.hex(16)
}

/** Key of the last possible record below a prefix. */
export const lastCharacter = '\u{10ffff}'

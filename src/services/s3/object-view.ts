import type { FoundObject } from '../../objects/object-store.ts'
import type { Encryption, ObjectVersion } from '../../objects/stored-object.ts'
import type { Request } from '../../wire/service.ts'
import type { ByteRange } from './byte-range.ts'
import { checksumAnswer } from './checksums.ts'

export function quoted(etag: string): string {
  return `"${etag}"`
}

/** Only buckets that keep versions tell their ids. */
export function versionIdOf(version: ObjectVersion): { VersionId?: string } {
  return version.versionId === 'null' ? {} : { VersionId: version.versionId }
}

/** How the bytes are kept, where they are not as they came. */
export function encryptionView(encryption: Encryption | undefined): {
  ServerSideEncryption?: 'AES256' | 'aws:kms'
  BucketKeyEnabled?: boolean
} {
  if (!encryption) return {}
  const { algorithm, hasBucketKey } = encryption
  return {
    ServerSideEncryption: algorithm,
    ...(hasBucketKey ? { BucketKeyEnabled: true } : {}),
  }
}

interface Overrides {
  readonly ResponseCacheControl?: string | undefined
  readonly ResponseContentDisposition?: string | undefined
  readonly ResponseContentEncoding?: string | undefined
  readonly ResponseContentLanguage?: string | undefined
  readonly ResponseContentType?: string | undefined
  readonly ResponseExpires?: Date | undefined
  readonly ChecksumMode?: string | undefined
}

/** What GetObject and HeadObject say of an object. */
export function objectView(
  input: Overrides,
  request: Request,
  found: FoundObject,
  range: ByteRange | undefined,
) {
  const { version, content, isVersioned } = found
  const { ExpiresString, ...headers } = content.headers
  const expires = input.ResponseExpires?.toUTCString() ?? ExpiresString
  if (expires !== undefined) request.setHeader('Expires', expires)
  if (range) request.setStatus(206)
  const isChecked = input.ChecksumMode === 'ENABLED' && range === undefined
  return {
    AcceptRanges: 'bytes',
    ContentLength: range ? range.end - range.start + 1 : content.size,
    ...(range ? { ContentRange: `bytes ${range.start}-${range.end}/${content.size}` } : {}),
    ETag: quoted(content.etag),
    LastModified: new Date(version.lastModified),
    Metadata: content.metadata,
    ...(isVersioned ? { VersionId: version.versionId } : {}),
    ...(content.tags.length > 0 ? { TagCount: content.tags.length } : {}),
    ...encryptionView(content.seal),
    ...headers,
    ...overridden('CacheControl', input.ResponseCacheControl),
    ...overridden('ContentDisposition', input.ResponseContentDisposition),
    ...overridden('ContentEncoding', input.ResponseContentEncoding),
    ...overridden('ContentLanguage', input.ResponseContentLanguage),
    ...overridden('ContentType', input.ResponseContentType),
    ...(isChecked ? checksumAnswer(content.checksums) : {}),
  }
}

function overridden(member: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [member]: value }
}

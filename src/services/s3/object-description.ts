import type { ObjectDescription } from '../../objects/object-store.ts'
import type { ContentHeaders } from '../../objects/stored-object.ts'
import { is } from '../../wire/accept.ts'
import type { Request } from '../../wire/service.ts'
import { metadataTooLarge } from './errors.ts'
import { tagsOfHeader } from './tagging.ts'

/** Everything a new object may say of itself. The ACLs and the storage class are those that every object has here. */
export const descriptionMembers = {
  ACL: is('private', 'bucket-owner-full-control', 'bucket-owner-read'),
  StorageClass: is('STANDARD'),
  CacheControl: true,
  ContentDisposition: true,
  ContentEncoding: true,
  ContentLanguage: true,
  ContentType: true,
  Expires: true,
  Metadata: true,
  Tagging: true,
  WebsiteRedirectLocation: true,
  ServerSideEncryption: is('AES256', 'aws:kms'),
  BucketKeyEnabled: true,
} as const

interface DescriptionInput {
  readonly CacheControl?: string | undefined
  readonly ContentDisposition?: string | undefined
  readonly ContentEncoding?: string | undefined
  readonly ContentLanguage?: string | undefined
  readonly ContentType?: string | undefined
  readonly Metadata?: Record<string, string> | undefined
  readonly Tagging?: string | undefined
  readonly WebsiteRedirectLocation?: string | undefined
  readonly ServerSideEncryption?: string | undefined
  readonly BucketKeyEnabled?: boolean | undefined
}

/** AWS's limit of all names and values together. */
const metadataBytesMax = 2048

export function descriptionOf(input: DescriptionInput, request: Request): ObjectDescription {
  const headers = {
    ContentType: input.ContentType ?? 'binary/octet-stream',
    CacheControl: input.CacheControl,
    ContentDisposition: input.ContentDisposition,
    ContentEncoding: input.ContentEncoding === '' ? undefined : input.ContentEncoding,
    ContentLanguage: input.ContentLanguage,
    // As it was sent: S3 keeps it even when it is no date.
    ExpiresString: request.headers['expires'],
    WebsiteRedirectLocation: input.WebsiteRedirectLocation,
  }
  const given = Object.entries(headers).filter(([, value]) => value !== undefined)
  const metadata = input.Metadata ?? {}
  const size = Buffer.byteLength(Object.entries(metadata).flat().join(''))
  if (size > metadataBytesMax) throw metadataTooLarge()
  return {
    headers: Object.fromEntries(given) as ContentHeaders,
    metadata,
    tags: tagsOfHeader(input.Tagging),
    ...encryptionOf(input),
  }
}

function encryptionOf(input: DescriptionInput): Pick<ObjectDescription, 'encryption'> {
  const { ServerSideEncryption: algorithm, BucketKeyEnabled } = input
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms') return {}
  const hasBucketKey = algorithm === 'aws:kms' && BucketKeyEnabled === true
  return { encryption: { algorithm, ...(hasBucketKey ? { hasBucketKey } : {}) } }
}

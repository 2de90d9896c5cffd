import { createHmac } from 'node:crypto'
import type { Pair } from './form.ts'
import { equals } from './sigv4.ts'

/**
 * A presigned URL in the old way (Signature Version 2). S3 alone takes it, because the `aws` CLI 1 and boto3 still make such URLs wherever the
 * endpoint is not AWS's own.
 */
export interface LegacyUrl {
  readonly accessKeyId: string
  readonly signature: string
  /** Seconds since the epoch. */
  readonly expires: string
  readonly sessionToken: string | undefined
}

export function readLegacyUrl(query: readonly Pair[]): LegacyUrl | undefined {
  if (!query.some(([name]) => name === 'AWSAccessKeyId')) return undefined
  const values = new Map(query)
  const accessKeyId = values.get('AWSAccessKeyId')
  const signature = values.get('Signature')
  const expires = values.get('Expires')
  if (!accessKeyId || !signature || !expires || !/^\d{1,12}$/.test(expires)) return undefined
  return { accessKeyId, signature, expires, sessionToken: values.get('x-amz-security-token') }
}

export interface LegacyRequest {
  readonly method: string
  readonly rawPath: string
  readonly query: readonly Pair[]
  readonly headers: Readonly<Record<string, string>>
  /** Of a virtual host: it stands before the path in what is signed. */
  readonly bucketOfHost: string | undefined
}

/** The query parameters that mean another resource or another reply, and so are signed. */
const signedParameters = new Set([
  'accelerate',
  'acl',
  'analytics',
  'cors',
  'delete',
  'inventory',
  'lifecycle',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'partNumber',
  'policy',
  'replication',
  'requestPayment',
  'restore',
  'select',
  'select-type',
  'storageClass',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
])

export function isLegacySignedBy(secret: string, url: LegacyUrl, request: LegacyRequest): boolean {
  const expected = createHmac('sha1', secret).update(stringToSign(url, request)).digest()
  return equals(Buffer.from(url.signature, 'base64').toString('hex'), expected)
}

function stringToSign(url: LegacyUrl, request: LegacyRequest): string {
  const { method, rawPath, query, headers, bucketOfHost } = request
  const given = new Map(query)
  const resource = bucketOfHost === undefined ? rawPath : `/${bucketOfHost}${rawPath}`
  return [
    method,
    given.get('content-md5') ?? headers['content-md5'] ?? '',
    given.get('content-type') ?? headers['content-type'] ?? '',
    url.expires,
    amzHeaders(request) + resource + subresources(query),
  ].join('\n')
}

/** Headers of AWS's own, which clients may have moved into the query. */
function amzHeaders({ query, headers }: LegacyRequest): string {
  const named = new Map<string, string>()
  for (const [name, value] of [...Object.entries(headers), ...query]) {
    if (/^x-amz-/i.test(name)) named.set(name.toLowerCase(), value.trim())
  }
  return [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')
}

function subresources(query: readonly Pair[]): string {
  const signed = query
    .filter(([name]) => signedParameters.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  return signed.length > 0 ? `?${signed.join('&')}` : ''
}

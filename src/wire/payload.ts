import { createHash } from 'node:crypto'
import { decodeAwsChunked, type ChunkSigning } from './aws-chunked.ts'
import { checksumMakers, checksumTitle, type Checksum } from './checksums.ts'
import { s3Faults } from './faults.ts'
import { streamedBytesMax } from './limits.ts'

/** What an S3 request says of its body, all of which must be true. */
export interface PayloadClaims {
  /** Checksum headers and their values. */
  readonly checksums: ReadonlyMap<string, string>
  /** Checksums that come after the body. */
  readonly trailing: readonly string[]
  /** Hexadecimal, when the request was signed over the body's hash. */
  readonly sha256: string | undefined
  readonly isChunked: boolean
  /** Size without the frames of aws-chunked. */
  readonly size: number | undefined
}

type Headers = Record<string, string>

const streamingWords = new Set([
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
])

/** Whether the chunks themselves are signed. */
export function hasSignedChunks(headers: Readonly<Headers>): boolean {
  return (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-AWS4-HMAC')
}

/** Reads the claims, and refuses those that cannot be true. `checksBody` is false where the checksum headers speak of something else. */
export function readClaims(headers: Readonly<Headers>, checksBody: boolean): PayloadClaims {
  const content = headers['x-amz-content-sha256'] ?? ''
  const isChunked = content.startsWith('STREAMING-')
  if (isChunked && !streamingWords.has(content)) {
    throw s3Faults.invalidRequest(`x-amz-content-sha256 ${content} is not supported`)
  }
  const length = isChunked ? headers['x-amz-decoded-content-length'] : headers['content-length']
  if (isChunked && length === undefined) throw s3Faults.missingContentLength()
  if (length !== undefined && !/^\d{1,15}$/.test(length)) {
    throw s3Faults.invalidRequest('the content length is not a number')
  }
  const size = length === undefined ? undefined : Number(length)
  if (size !== undefined && size > streamedBytesMax) throw s3Faults.entityTooLarge()
  return {
    checksums: checksBody ? readChecksums(headers) : new Map(),
    trailing: isChunked ? readTrailerNames(headers) : [],
    sha256: /^[0-9a-f]{64}$/.test(content) ? content : undefined,
    isChunked,
    size,
  }
}

/** Lengths of the algorithms' digests in bytes. */
const digestBytes: Readonly<Record<string, number>> = {
  'x-amz-checksum-crc32': 4,
  'x-amz-checksum-crc32c': 4,
  'x-amz-checksum-crc64nvme': 8,
  'x-amz-checksum-sha1': 20,
  'x-amz-checksum-sha256': 32,
  'content-md5': 16,
}

function readChecksums(headers: Readonly<Headers>): ReadonlyMap<string, string> {
  const checksums = new Map<string, string>()
  for (const name of Object.keys(checksumMakers)) {
    const value = headers[name]
    if (value === undefined) continue
    const bytes = Buffer.from(value, 'base64')
    if (bytes.length !== digestBytes[name] || bytes.toString('base64') !== value) {
      throw s3Faults.invalidDigest(checksumTitle(name))
    }
    checksums.set(name, value)
  }
  return checksums
}

function readTrailerNames(headers: Readonly<Headers>): readonly string[] {
  const names = (headers['x-amz-trailer'] ?? '').toLowerCase().split(',')
  return names
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => {
      if (Object.hasOwn(checksumMakers, name)) return name
      throw s3Faults.invalidRequest(`The trailer ${name} is not supported.`)
    })
}

/**
 * A body's bytes without frames. It throws where a claim is not true, at the latest when the body ends: whoever reads to the end has
 * had what the client meant to send. Trailers join `headers` before that.
 */
export async function* verifiedPayload(
  body: AsyncIterable<Uint8Array>,
  claims: PayloadClaims,
  headers: Headers,
  signing?: ChunkSigning,
): AsyncGenerator<Buffer> {
  const trailers: Headers = {}
  const bytes = claims.isChunked ? decodeAwsChunked(body, trailers, signing) : body
  const sums = new Map<string, Checksum>()
  for (const name of [...claims.checksums.keys(), ...claims.trailing]) {
    sums.set(name, checksumMakers[name]!())
  }
  const sha256 = claims.sha256 === undefined ? undefined : createHash('sha256')
  let size = 0
  for await (const piece of bytes) {
    size += piece.length
    if (size > (claims.size ?? streamedBytesMax)) break
    sha256?.update(piece)
    for (const sum of sums.values()) sum.update(piece)
    yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
  }
  if (size > streamedBytesMax) throw s3Faults.entityTooLarge()
  if (claims.size !== undefined && size !== claims.size) {
    throw s3Faults.incompleteBody('The body does not have the number of bytes of its header.')
  }
  if (sha256 && sha256.digest('hex') !== claims.sha256) throw s3Faults.contentSha256Mismatch()
  for (const name of claims.trailing) {
    const value = trailers[name]
    if (value === undefined) throw s3Faults.incompleteBody(`The trailer ${name} is missing.`)
    headers[name] = value
  }
  for (const [name, sum] of sums) {
    const claimed = claims.checksums.get(name) ?? trailers[name]
    if (sum.digest() !== claimed) throw s3Faults.badDigest(checksumTitle(name))
  }
}

import { Readable } from 'node:stream'
import type { ChunkSigning } from './aws-chunked.ts'
import { fault, s3Faults, type Family } from './faults.ts'
import { bodyBytesMax } from './limits.ts'
import { collected } from './incoming-body.ts'
import { readClaims, verifiedPayload } from './payload.ts'
import type { RequestBody } from './wire.ts'

type Headers = Record<string, string>

/** The whole body of a request that is not streamed. */
export async function readWhole(
  body: RequestBody,
  headers: Readonly<Headers>,
  family: Family,
): Promise<Buffer> {
  const declared = Number(headers['content-length'] ?? 0)
  const read = (): Promise<Buffer | undefined> =>
    body.collect?.(bodyBytesMax) ?? collected(body, bodyBytesMax)
  const whole = declared > bodyBytesMax ? undefined : await read()
  if (whole) return whole
  const message =
    family === 's3'
      ? 'Your request was too big.'
      : `The request body is larger than ${bodyBytesMax} bytes.`
  throw fault(family, 'bodyTooLarge', message)
}

/** An object's bytes on their way to an operation, checked as they pass. */
export interface ObjectBody {
  readonly stream: Readable
  /** What was wrong with the bytes, however the operation reported it. */
  readonly failure: unknown
  /** Reads what the operation left unread: nothing is acknowledged before every claim about the body has been checked. */
  finish(): Promise<void>
}

/**
 * Opens an S3 body. The headers are made to say what they would without aws-chunked: the object's length and encoding, and in the end
 * the trailers.
 */
export function openObjectBody(
  body: AsyncIterable<Uint8Array>,
  headers: Headers,
  signing: ChunkSigning | undefined,
): ObjectBody {
  const claims = readClaims(headers, true)
  const bytes = verifiedPayload(body, claims, headers, signing)
  if (claims.isChunked) unframeHeaders(headers, claims.size)
  let failure: unknown
  let isDone = false
  async function* watched(): AsyncGenerator<Buffer> {
    try {
      yield* bytes
      isDone = true
    } catch (thrown) {
      failure = thrown
      throw thrown
    }
  }
  const stream = Readable.from(watched(), { objectMode: false })
  stream.on('error', () => {})
  return {
    stream,
    get failure() {
      return failure
    },
    async finish() {
      if (isDone) return
      if (failure !== undefined) throw failure
      if (stream.destroyed) throw s3Faults.incompleteBody('The body was not read to its end.')
      await discard(stream)
    },
  }
}

async function discard(stream: Readable): Promise<void> {
  const pieces = stream[Symbol.asyncIterator]()
  while (!(await pieces.next()).done);
}

/** An S3 body that is small and read whole, such as a bucket policy; its claims are checked like an object's. */
export async function readChecked(
  body: AsyncIterable<Uint8Array>,
  headers: Headers,
  checksBody: boolean,
  signing: ChunkSigning | undefined,
): Promise<Buffer> {
  const claims = readClaims(headers, checksBody)
  if (claims.size !== undefined && claims.size > bodyBytesMax) return tooBig()
  const whole = await collected(verifiedPayload(body, claims, headers, signing), bodyBytesMax)
  if (claims.isChunked) unframeHeaders(headers, claims.size)
  return whole ?? tooBig()
}

function tooBig(): never {
  throw fault('s3', 'bodyTooLarge', 'Your request was too big.')
}

function unframeHeaders(headers: Headers, size: number | undefined): void {
  if (size !== undefined) headers['content-length'] = String(size)
  const encodings = (headers['content-encoding'] ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'aws-chunked')
  if (encodings.length > 0) headers['content-encoding'] = encodings.join(',')
  else delete headers['content-encoding']
}

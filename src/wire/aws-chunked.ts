import { createHash, type Hash } from 'node:crypto'
import { s3Faults } from './faults.ts'
import { hmacSha256 } from './hmac.ts'
import { chunkHeaderBytesMax, trailerBytesMax } from './limits.ts'
import { equals, sha256Hex } from './sigv4.ts'

/** What the chunks' signatures are made with; each follows from the one before. */
export interface ChunkSigning {
  readonly key: Buffer
  /** The signature of the request itself. */
  readonly seed: string
  readonly time: string
  readonly scope: string
}

const emptyHash = sha256Hex('')
const lineEnd = '\r\n'

/**
 * Takes the frames off a body: `size[;chunk-signature=…]\r\n bytes\r\n … 0\r\n [trailer: value\r\n]… \r\n`. Bytes go on as they come; a
 * wrong signature throws at the end of its chunk, which is always before the body ends. Trailers are written to `trailers`.
 */
export async function* decodeAwsChunked(
  body: AsyncIterable<Uint8Array>,
  trailers: Record<string, string>,
  signing?: ChunkSigning,
): AsyncGenerator<Buffer> {
  const reader = new FrameReader(body)
  const verifier = signing && new ChunkVerifier(signing)
  for (;;) {
    const [sizeText = '', ...extensions] = (await reader.line(chunkHeaderBytesMax)).split(';')
    if (!/^[0-9a-fA-F]{1,10}$/.test(sizeText.trim())) throw s3Faults.invalidChunkSize()
    const size = Number.parseInt(sizeText, 16)
    verifier?.begin(extensions)
    for (let left = size; left > 0;) {
      const bytes = await reader.take(left)
      left -= bytes.length
      verifier?.update(bytes)
      yield bytes
    }
    verifier?.end()
    if (size === 0) break
    if ((await reader.line(0)) !== '')
      throw s3Faults.incompleteBody('A chunk is longer than its size.')
  }
  const signed = await readTrailers(reader, trailers)
  verifier?.trailers(signed, trailers['x-amz-trailer-signature'])
}

/** The trailers' signed form, `name:value\n` each. */
async function readTrailers(
  reader: FrameReader,
  trailers: Record<string, string>,
): Promise<string> {
  let signed = ''
  let left = trailerBytesMax
  for (;;) {
    const line = await reader.lineOrEnd(left)
    if (line === undefined || line === '') return signed
    left -= line.length
    const colon = line.indexOf(':')
    if (colon <= 0) throw s3Faults.incompleteBody('A trailer could not be read.')
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    trailers[name] = value
    if (name !== 'x-amz-trailer-signature') signed += `${name}:${value}\n`
  }
}

class ChunkVerifier {
  readonly #signing: ChunkSigning
  #previous: string
  #given = ''
  #hash: Hash = createHash('sha256')

  constructor(signing: ChunkSigning) {
    this.#signing = signing
    this.#previous = signing.seed
  }

  begin(extensions: readonly string[]): void {
    const prefix = 'chunk-signature='
    const found = extensions.find((extension) => extension.trim().startsWith(prefix))
    this.#given = found?.trim().slice(prefix.length) ?? ''
    this.#hash = createHash('sha256')
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes)
  }

  end(): void {
    this.#check('PAYLOAD', `${emptyHash}\n${this.#hash.digest('hex')}`)
  }

  trailers(signed: string, signature: string | undefined): void {
    if (signed === '' && signature === undefined) return
    this.#given = signature ?? ''
    this.#check('TRAILER', sha256Hex(signed))
  }

  #check(kind: string, hashes: string): void {
    const { key, time, scope } = this.#signing
    const text = `AWS4-HMAC-SHA256-${kind}\n${time}\n${scope}\n${this.#previous}\n${hashes}`
    if (!equals(this.#given, hmacSha256(key, text))) throw s3Faults.chunkSignature()
    this.#previous = this.#given
  }
}

/** Lines and bytes of a stream, with no more than one piece of it in memory. */
class FrameReader {
  readonly #source: AsyncIterator<Uint8Array>
  #piece: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async line(bytesMax: number): Promise<string> {
    const line = await this.lineOrEnd(bytesMax)
    if (line === undefined) throw truncated()
    return line
  }

  /** Undefined when the stream has ended. */
  async lineOrEnd(bytesMax: number): Promise<string | undefined> {
    for (;;) {
      const end = this.#piece.indexOf(lineEnd)
      if (end >= 0) {
        const line = this.#piece.toString('latin1', 0, end)
        this.#piece = this.#piece.subarray(end + lineEnd.length)
        return line
      }
      if (this.#piece.length > bytesMax + lineEnd.length) {
        throw s3Faults.incompleteBody('A line between chunks is too long.')
      }
      if (await this.#more()) continue
      if (this.#piece.length > 0) throw truncated()
      return undefined
    }
  }

  /** At least one byte and at most `count`. */
  async take(count: number): Promise<Buffer> {
    if (this.#piece.length === 0 && !(await this.#more())) throw truncated()
    const taken = this.#piece.subarray(0, count)
    this.#piece = this.#piece.subarray(taken.length)
    return taken
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next()
    if (next.done) return false
    const piece = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
    this.#piece = this.#piece.length === 0 ? piece : Buffer.concat([this.#piece, piece])
    return this.#piece.length > 0 || this.#more()
  }
}

function truncated(): Error {
  return s3Faults.incompleteBody('The request body terminated unexpectedly.')
}

import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { pipeline, type Readable } from 'node:stream'
import type { Random } from '../kernel/random.ts'
import type { Sealer } from '../kernel/sealer.ts'
import type { BlobStore, StoredBlob } from './blob.ts'
import type { Encryption, Seal } from './stored-object.ts'

/** Bytes in the blob store, and where they belong: a seal is bound to its place. */
export interface PlacedBlob {
  readonly bucket: string
  readonly key: string
  readonly blobId: string
  readonly seal?: Seal
}

type Place = Pick<PlacedBlob, 'bucket' | 'key'>

export type SealedBlob = StoredBlob & { readonly seal?: Seal }

const keyBytes = 32
const blockBytes = 16
const cipher = 'aes-256-ctr'

/**
 * Blobs whose bytes are encrypted where that was asked for: AES-256 in counter mode, so that ranges can be read, under a key of each
 * blob's own that the installation's sealer keeps. Sizes and MD5s are those of the bytes as they were given.
 */
export class SealedBlobs {
  readonly #blobs: BlobStore
  readonly #sealer: Sealer
  readonly #random: Random

  constructor(blobs: BlobStore, sealer: Sealer, random: Random) {
    this.#blobs = blobs
    this.#sealer = sealer
    this.#random = random
  }

  async put(
    place: Place,
    content: AsyncIterable<Uint8Array>,
    encryption: Encryption | undefined,
  ): Promise<SealedBlob> {
    if (!encryption) return this.#blobs.put(content)
    const key = Buffer.from(this.#random.hex(keyBytes), 'hex')
    const start = Buffer.from(this.#random.hex(blockBytes), 'hex')
    const md5 = createHash('md5')
    const { blobId, size } = await this.#blobs.put(encrypted(content, { key, start }, md5))
    const text = Buffer.concat([key, start]).toString('base64')
    const sealedKey = this.#sealer.seal(text, contextOf(place))
    return { blobId, size, md5: md5.digest('hex'), seal: { ...encryption, sealedKey } }
  }

  /** `end` is inclusive. Undefined when the blob is not there. */
  async read(
    blob: PlacedBlob,
    range?: { start: number; end: number },
  ): Promise<Readable | undefined> {
    const source = await this.#blobs.read(blob.blobId, range)
    if (!source || !blob.seal) return source
    const opened = Buffer.from(this.#sealer.open(blob.seal.sealedKey, contextOf(blob)), 'base64')
    const first = range?.start ?? 0
    const at = counterAt(opened.subarray(keyBytes), Math.floor(first / blockBytes))
    const decipher = createDecipheriv(cipher, opened.subarray(0, keyBytes), at)
    decipher.update(Buffer.alloc(first % blockBytes))
    return pipeline(source, decipher, () => undefined)
  }

  /** One blob of its own out of several, in order, each as it is sealed. */
  async concatenate(
    place: Place,
    sources: readonly PlacedBlob[],
    encryption: Encryption | undefined,
  ): Promise<SealedBlob> {
    if (!encryption && sources.every(({ seal }) => !seal)) {
      return this.#blobs.concatenate(sources.map(({ blobId }) => blobId))
    }
    return this.put(place, this.#joined(sources), encryption)
  }

  async *#joined(sources: readonly PlacedBlob[]): AsyncGenerator<Uint8Array> {
    for (const source of sources) {
      const content = await this.read(source)
      if (!content) throw new Error(`the blob ${source.blobId} is gone`)
      yield* content as AsyncIterable<Uint8Array>
    }
  }
}

async function* encrypted(
  content: AsyncIterable<Uint8Array>,
  { key, start }: { readonly key: Buffer; readonly start: Buffer },
  md5: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  const stream = createCipheriv(cipher, key, start)
  for await (const piece of content) {
    md5.update(piece)
    yield stream.update(piece)
  }
}

/** The counter, big-endian and 128 bits wide, `blocks` later. */
function counterAt(start: Buffer, blocks: number): Buffer {
  const sum = (BigInt(`0x${start.toString('hex')}`) + BigInt(blocks)) & ((1n << 128n) - 1n)
  return Buffer.from(sum.toString(16).padStart(2 * blockBytes, '0'), 'hex')
}

function contextOf({ bucket, key }: Place): string {
  return `s3/${bucket}/${key}`
}

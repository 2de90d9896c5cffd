import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Clock } from '../kernel/clock.ts'
import type { BlobStore, StoredBlob } from '../objects/blob.ts'

export interface MemoryBlobs extends BlobStore {
  readonly blobIds: () => readonly string[]
}

/** The blob contract in memory, for units. */
export function memoryBlobs(clock: Clock): MemoryBlobs {
  const blobs = new Map<string, { readonly bytes: Buffer; readonly storedAt: number }>()
  let count = 0

  async function put(content: AsyncIterable<Uint8Array>): Promise<StoredBlob> {
    const pieces: Uint8Array[] = []
    for await (const piece of content) pieces.push(Buffer.from(piece))
    const bytes = Buffer.concat(pieces)
    const blobId = `blob-${++count}`
    blobs.set(blobId, { bytes, storedAt: clock.now() })
    return { blobId, size: bytes.length, md5: createHash('md5').update(bytes).digest('hex') }
  }

  return {
    put,
    async read(blobId, range) {
      const bytes = blobs.get(blobId)?.bytes
      return bytes && Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes])
    },
    async concatenate(blobIds) {
      const bytes = blobIds.map((blobId) => {
        const blob = blobs.get(blobId)
        if (!blob) throw new Error(`the blob ${blobId} is gone`)
        return blob.bytes
      })
      return put(Readable.from(bytes))
    },
    async remove(blobId) {
      blobs.delete(blobId)
    },
    async *list() {
      for (const [blobId, { storedAt }] of blobs) yield { blobId, storedAt }
    },
    blobIds: () => [...blobs.keys()],
  }
}

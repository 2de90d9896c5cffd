import type { Readable } from 'node:stream'

/** The blob contract: immutable bytes under names that we choose. Failures are `DriverError`s. */
export interface BlobStore {
  /** Durable when it resolves. `digest` receives every chunk on its way. */
  put(content: AsyncIterable<Uint8Array>): Promise<StoredBlob>
  /** `end` is inclusive. Throws when the blob is not there. */
  read(blobId: string, range?: { start: number; end: number }): Readable
  /** One blob out of several, in order: a completed multipart upload. */
  concatenate(blobIds: readonly string[]): Promise<StoredBlob>
  /** Removing what is not there succeeds. */
  remove(blobId: string): Promise<void>
}

export interface StoredBlob {
  readonly blobId: string
  readonly size: number
  /** Lower-case hexadecimal. */
  readonly md5: string
}

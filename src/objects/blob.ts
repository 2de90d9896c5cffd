import type { Readable } from 'node:stream'

/** The blob contract: immutable bytes under names that we choose. Failures are `DriverError`s. */
export interface BlobStore {
  /** Durable when it resolves. What `content` throws comes out as it is, and nothing stays. */
  put(content: AsyncIterable<Uint8Array>): Promise<StoredBlob>
  /** `end` is inclusive. Undefined when the blob is not there; once open, it is read to its end also when it is removed. */
  read(blobId: string, range?: { start: number; end: number }): Promise<Readable | undefined>
  /** One blob out of several, in order: a completed multipart upload. */
  concatenate(blobIds: readonly string[]): Promise<StoredBlob>
  /** Removing what is not there succeeds. */
  remove(blobId: string): Promise<void>
  /** Every blob there is, in no order. Those of writes that were killed in the middle are not among them. */
  list(): AsyncIterable<BlobEntry>
}

export interface BlobEntry {
  readonly blobId: string
  readonly storedAt: number
}

export interface StoredBlob {
  readonly blobId: string
  readonly size: number
  /** Lower-case hexadecimal. */
  readonly md5: string
}

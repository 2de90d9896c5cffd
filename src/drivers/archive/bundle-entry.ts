import type { Readable } from 'node:stream'
import { DriverError } from '../../kernel/errors.ts'

export type BundleType = 'tar' | 'tgz' | 'zip'

/** One entry of any archive. A body that is not read is skipped. */
export interface BundleEntry {
  readonly path: string
  readonly kind: 'file' | 'directory' | 'symlink' | 'hardlink' | 'device'
  readonly mode: number
  /** Uncompressed, as the archive claims. */
  readonly size: number
  /** Of links. */
  readonly target: string
  open(): Promise<Readable>
}

/** What a bundle may hold at most; far above any website, far below what would fill a disk unseen. */
export interface BundleLimits {
  readonly compressedBytesMax: number
  readonly bytesMax: number
  readonly entriesMax: number
  /** Uncompressed to compressed, counted above `ratioFromBytes`. */
  readonly ratioMax: number
  readonly ratioFromBytes: number
}

export const bundleLimits: BundleLimits = {
  compressedBytesMax: 2 * 1024 ** 3,
  bytesMax: 4 * 1024 ** 3,
  entriesMax: 200_000,
  ratioMax: 200,
  ratioFromBytes: 16 * 1024 ** 2,
}

/** The bundle's own fault: trying again does not help. */
export function badBundle(message: string, cause?: unknown): DriverError {
  return new DriverError(message, { retryable: false, ...(cause !== undefined && { cause }) })
}

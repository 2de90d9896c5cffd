import type { Writable } from 'node:stream'

/**
 * Writes, and gives a promise where the receiver is behind: it resolves when the receiver has caught up or is gone. Whoever waits for it
 * keeps what one side prints from piling up in memory until the other side reads.
 */
export function writeTaken(sink: Writable, chunk: string | Buffer): Promise<void> | undefined {
  if (sink.destroyed || sink.write(chunk) || sink.destroyed) return undefined
  return new Promise((resolve) => {
    const taken = (): void => {
      sink.off('drain', taken).off('close', taken)
      resolve()
    }
    sink.on('drain', taken).on('close', taken)
  })
}

import { appendFileSync, closeSync, openSync, readSync, statSync, truncateSync } from 'node:fs'

/** What a console may grow to on disk between two looks, and what is kept of it then: more than anybody is shown. */
const consoleBytesMax = 4 * 1024 * 1024
const keptBytes = 512 * 1024

/**
 * Keeps the end of a console that has grown too long. The machine goes on writing to the same file, at its end; what it writes in this very
 * moment may be lost. A console that is not there is short enough.
 */
export function boundConsole(path: string, bytesMax = consoleBytesMax, kept = keptBytes): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size <= bytesMax) return
  const end = Buffer.alloc(kept)
  const file = openSync(path, 'r')
  try {
    readSync(file, end, 0, kept, size - kept)
  } finally {
    closeSync(file)
  }
  truncateSync(path)
  appendFileSync(path, end.subarray(end.indexOf(0x0a) + 1))
}

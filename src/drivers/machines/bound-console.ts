import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'

/** What a console may grow to on disk between two looks, and what is kept of it then: more than anybody is shown. */
const consoleBytesMax = 4 * 1024 * 1024
const keptBytes = 512 * 1024

/**
 * Keeps the end of a console that has grown too long. The machine goes on writing to the same file, at its end; what it writes in this very
 * moment may be lost. A console that is not there is short enough. How much has been cut off is written down first, so that a reader's place
 * stays what it is.
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
  const left = end.subarray(end.indexOf(0x0a) + 1)
  writeFileSync(`${path}.cut.new`, `${bytesCut(path) + size - left.length}`, { mode: 0o600 })
  renameSync(`${path}.cut.new`, `${path}.cut`)
  truncateSync(path)
  appendFileSync(path, left)
}

/** How many bytes have been cut off a console's beginning so far. */
export function bytesCut(path: string): number {
  const file = `${path}.cut`
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) || 0 : 0
}

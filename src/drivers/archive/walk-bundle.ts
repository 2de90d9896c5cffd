import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { DriverError, reasonOf } from '../../kernel/errors.ts'
import { badBundle, type BundleEntry, type BundleType } from './bundle-entry.ts'

/** Calls `visit` with each entry, in the archive's order. Throws a `DriverError` for an archive that cannot be read. */
export async function walkBundle(
  path: string,
  type: BundleType,
  visit: (entry: BundleEntry) => Promise<void>,
): Promise<void> {
  try {
    if (type === 'zip') await walkZip(path, visit)
    else await walkTar(path, type, visit)
  } catch (thrown) {
    if (thrown instanceof DriverError) throw thrown
    throw badBundle(`the bundle is not a readable ${type} archive: ${reasonOf(thrown)}`, thrown)
  }
}

async function walkTar(
  path: string,
  type: 'tar' | 'tgz',
  visit: (entry: BundleEntry) => Promise<void>,
): Promise<void> {
  const reader = extract()
  const source = createReadStream(path)
  const plain = type === 'tgz' ? source.pipe(createGunzip()) : source
  source.once('error', (error: Error) => reader.destroy(error))
  if (plain !== source) plain.once('error', (error: Error) => reader.destroy(error))
  plain.pipe(reader)
  try {
    for await (const entry of reader) {
      const { header } = entry
      await visit({
        path: header.name,
        kind: tarKind(header),
        mode: (header.mode ?? 0o644) & 0o7777,
        size: header.size ?? 0,
        target: header.linkname ?? '',
        open: () => Promise.resolve(entry as unknown as Readable),
      })
      entry.resume()
    }
  } finally {
    source.destroy()
    plain.destroy()
    reader.destroy()
  }
}

function tarKind(header: Header): BundleEntry['kind'] {
  switch (header.type) {
    case 'directory':
      return 'directory'
    case 'symlink':
      return 'symlink'
    case 'link':
      return 'hardlink'
    case 'file':
    case 'contiguous-file':
    case null:
    case undefined:
      return 'file'
    case 'block-device':
    case 'character-device':
    case 'fifo':
      return 'device'
    default:
      // A kind that is newer than this code.
      return 'device'
  }
}

/** Unix modes in the upper half of a zip entry's attributes; absent where another system made it. */
const fileTypeMask = 0o170000
const directoryType = 0o040000
const symlinkType = 0o120000
const regularType = 0o100000
const linkTargetMax = 4096

async function walkZip(path: string, visit: (entry: BundleEntry) => Promise<void>): Promise<void> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false })
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.isEncrypted()) throw badBundle(`${entry.fileName} is encrypted`)
      const unix = entry.externalFileAttributes >>> 16
      const kind = zipKind(entry, unix)
      await visit({
        path: entry.fileName,
        kind,
        mode: unix === 0 ? (kind === 'directory' ? 0o755 : 0o644) : unix & 0o7777,
        size: entry.uncompressedSize,
        target: kind === 'symlink' ? await linkTarget(zip, entry) : '',
        open: () => zip.openReadStreamPromise(entry),
      })
    }
  } finally {
    zip.close()
  }
}

function zipKind(entry: Entry, unix: number): BundleEntry['kind'] {
  const type = unix & fileTypeMask
  if (entry.fileName.endsWith('/') || type === directoryType) return 'directory'
  if (type === symlinkType) return 'symlink'
  return type === 0 || type === regularType ? 'file' : 'device'
}

async function linkTarget(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > linkTargetMax)
    throw badBundle(`the link ${entry.fileName} is too long`)
  const chunks: Buffer[] = []
  const body: Readable = await zip.openReadStreamPromise(entry)
  for await (const chunk of body) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

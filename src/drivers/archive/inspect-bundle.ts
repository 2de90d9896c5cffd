import { pipeline } from 'node:stream/promises'
import { pack, type Pack } from 'tar-stream'
import {
  badBundle,
  bundleLimits,
  type BundleEntry,
  type BundleLimits,
  type BundleType,
} from './bundle-entry.ts'
import { EntryChecks } from './check-entry.ts'
import { walkBundle } from './walk-bundle.ts'

export interface BundleContents {
  readonly entries: number
  readonly bytes: number
  /** The one folder at the top that everything lies in and that holds the appspec; it is left out when unpacked. */
  readonly topFolder: string | undefined
  readonly appspec: { readonly name: string; readonly text: string } | undefined
}

const appspecNames = ['appspec.yml', 'appspec.yaml']
const appspecBytesMax = 1024 * 1024

/** Reads a whole bundle, holds every entry to the rules, and finds its appspec. Throws a `DriverError` that says what is wrong. */
export async function inspectBundle(
  source: { readonly path: string; readonly type: BundleType; readonly compressedBytes: number },
  limits: BundleLimits = bundleLimits,
): Promise<BundleContents> {
  const checks = new EntryChecks()
  const meter = new Meter(source.compressedBytes, limits)
  const tops = new Set<string>()
  const found = new Map<string, string>()
  await walkBundle(source.path, source.type, async (entry) => {
    const path = checks.check(entry)
    meter.entry()
    const [top = '', ...rest] = path.split('/')
    if (path !== '') tops.add(rest.length === 0 && entry.kind !== 'directory' ? `/${top}` : top)
    if (entry.kind !== 'file') return
    const isAppspec = appspecNames.includes(rest.length === 0 ? top : rest.join('/'))
    const text = await readThrough(entry, meter, isAppspec)
    if (isAppspec) found.set(path, text)
  })
  const [onlyTop] = tops
  const topFolder = tops.size === 1 && onlyTop && !onlyTop.startsWith('/') ? onlyTop : undefined
  for (const prefix of topFolder === undefined ? [''] : ['', `${topFolder}/`]) {
    const name = appspecNames.find((candidate) => found.has(prefix + candidate))
    if (name === undefined) continue
    return {
      entries: meter.entries,
      bytes: meter.bytes,
      topFolder: prefix === '' ? undefined : topFolder,
      appspec: { name, text: found.get(prefix + name) ?? '' },
    }
  }
  return { entries: meter.entries, bytes: meter.bytes, topFolder: undefined, appspec: undefined }
}

/** What is really in the files, not what headers claim. */
class Meter {
  entries = 0
  bytes = 0
  readonly #compressed: number
  readonly #limits: BundleLimits

  constructor(compressed: number, limits: BundleLimits) {
    this.#compressed = compressed
    this.#limits = limits
  }

  entry(): void {
    this.entries += 1
    if (this.entries > this.#limits.entriesMax) {
      throw badBundle(`the bundle has more than ${this.#limits.entriesMax} entries`)
    }
  }

  add(bytes: number): void {
    this.bytes += bytes
    const { bytesMax, ratioMax, ratioFromBytes } = this.#limits
    if (this.bytes > bytesMax) throw badBundle(`the bundle unpacks to more than ${bytesMax} bytes`)
    if (this.bytes > ratioFromBytes && this.bytes > this.#compressed * ratioMax) {
      throw badBundle(
        `the bundle unpacks to more than ${ratioMax} times its size: it looks like a bomb`,
      )
    }
  }
}

async function readThrough(entry: BundleEntry, meter: Meter, isKept: boolean): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of await entry.open()) {
    const bytes = chunk as Buffer
    meter.add(bytes.length)
    if (!isKept) continue
    chunks.push(bytes)
    if (chunks.reduce((sum, part) => sum + part.length, 0) > appspecBytesMax) {
      throw badBundle(`${entry.path} is larger than ${appspecBytesMax} bytes`)
    }
  }
  return Buffer.concat(chunks).toString()
}

/** The inspected bundle as a tar of just its folders, files and links, owned by root. */
export function cleanTar(
  source: { readonly path: string; readonly type: BundleType },
  contents: BundleContents,
): AsyncIterable<Buffer> {
  const output = pack()
  const checks = new EntryChecks()
  const prefix = contents.topFolder === undefined ? '' : `${contents.topFolder}/`
  const rest = (path: string): string =>
    `${path}/`.startsWith(prefix) ? path.slice(prefix.length) : path
  walkBundle(source.path, source.type, async (entry) => {
    const path = rest(checks.check(entry))
    if (path === '') return
    const target = entry.kind === 'hardlink' ? rest(entry.target) : entry.target
    await add(output, { ...entry, target, open: () => entry.open() }, path)
  }).then(
    () => output.finalize(),
    (thrown: Error) => output.destroy(thrown),
  )
  return output as unknown as AsyncIterable<Buffer>
}

/** Owner and times are not the bundle's to choose; set-user-id bits neither. */
async function add(output: Pack, entry: BundleEntry, path: string): Promise<void> {
  const header = { name: path, mode: entry.mode & 0o777, uid: 0, gid: 0 }
  if (entry.kind === 'directory') {
    output.entry({ ...header, mode: header.mode | 0o700, type: 'directory' })
  } else if (entry.kind === 'symlink' || entry.kind === 'hardlink') {
    const type = entry.kind === 'symlink' ? 'symlink' : 'link'
    output.entry({ ...header, type, linkname: entry.target })
  } else {
    const sink = output.entry({ ...header, type: 'file', size: entry.size })
    await pipeline(await entry.open(), sink)
  }
}

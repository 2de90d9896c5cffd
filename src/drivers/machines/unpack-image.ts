import { existsSync } from 'node:fs'
import {
  chmod,
  lchown,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
} from 'node:fs/promises'
import { join, sep } from 'node:path'
import { DriverError } from '../../kernel/errors.ts'
import { runCommand } from '../namespaces/run-command.ts'

/** Devices are the host machine's business. */
const unpackWords = ['--numeric-owner', '--exclude=./dev/*', '--exclude=dev/*']

/** As image builders write what a layer takes away of those below it. */
const whiteout = '.wh.'
const opaque = '.wh..wh..opq'

/**
 * A root file system out of a tar archive, packed or not: of the file system itself (`docker export`, debootstrap), or of an image in layers
 * (`docker save`, an OCI archive). Throws a DriverError that says what is wrong with it.
 */
export async function unpackImage(archive: string, content: string): Promise<void> {
  await untar(archive, content)
  const layers = await layersIn(content)
  if (layers) await mergeLayers(layers, content)
}

async function untar(archive: string, folder: string): Promise<void> {
  const words = ['-xf', archive, ...unpackWords, '-C', folder]
  try {
    await runCommand('tar', words)
  } catch (cause) {
    const said = (cause as Error).message.replace(`tar ${words.join(' ')}: `, '')
    throw faulty(`${archive} cannot be unpacked: ${said}`, cause)
  }
}

/** The files of the layers, lowest first; undefined of a root file system itself. */
async function layersIn(folder: string): Promise<readonly string[] | undefined> {
  if (existsSync(join(folder, 'bin')) || existsSync(join(folder, 'usr'))) return undefined
  if (existsSync(join(folder, 'manifest.json'))) return savedLayers(folder)
  if (existsSync(join(folder, 'index.json'))) return ociLayers(folder)
  return undefined
}

async function savedLayers(folder: string): Promise<readonly string[]> {
  const list = await readJson<readonly { readonly Layers?: readonly string[] }[]>(
    folder,
    'manifest.json',
  )
  const [image, ...others] = Array.isArray(list) ? list : []
  if (others.length > 0) {
    throw faulty(`the archive holds ${list.length} images: save one of them by itself`)
  }
  return image?.Layers ?? []
}

interface OciNode {
  readonly manifests?: readonly {
    readonly digest?: string
    readonly platform?: { readonly architecture?: string }
  }[]
  readonly layers?: readonly { readonly digest?: string }[]
}

/** Down from the index, by the architecture of this machine where there is a choice. */
async function ociLayers(folder: string): Promise<readonly string[]> {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'
  let node = await readJson<OciNode>(folder, 'index.json')
  for (let depth = 0; depth < 4 && node.manifests; depth++) {
    const { manifests } = node
    const own = manifests.find(({ platform }) => platform?.architecture === architecture)
    node = await readJson<OciNode>(folder, blobOf((own ?? manifests[0])?.digest))
  }
  return (node.layers ?? []).map(({ digest }) => blobOf(digest))
}

function blobOf(digest = ''): string {
  return join('blobs', digest.replace(':', '/'))
}

async function readJson<T>(folder: string, name: string): Promise<T> {
  try {
    return JSON.parse(await readFile(await inside(folder, name), 'utf8')) as T
  } catch (cause) {
    throw faulty(`${name} of the image cannot be read: ${(cause as Error).message}`, cause)
  }
}

/** Where a name of the archive leads; nowhere else than into it. */
async function inside(folder: string, name: string): Promise<string> {
  const path = await realpath(join(folder, name)).catch((cause: unknown) => {
    throw faulty(`the archive lacks ${name}`, cause)
  })
  if (!path.startsWith((await realpath(folder)) + sep)) {
    throw faulty(`${name} leads out of the archive`)
  }
  return path
}

/** Each layer is unpacked by itself, so that no link of one leads another's files elsewhere. */
async function mergeLayers(layers: readonly string[], content: string): Promise<void> {
  if (layers.length === 0) throw faulty('the image has no layers')
  const saved = `${content}.saved`
  const upper = `${content}.layer`
  await rm(saved, { recursive: true, force: true })
  await rename(content, saved)
  await mkdir(content, { mode: 0o755 })
  try {
    for (const layer of layers) {
      await rm(upper, { recursive: true, force: true })
      await mkdir(upper, { mode: 0o755 })
      await untar(await inside(saved, layer), upper)
      await mergeFolder(upper, content)
    }
  } finally {
    await rm(saved, { recursive: true, force: true })
    await rm(upper, { recursive: true, force: true })
  }
}

/** `lower` is a folder and no link: nothing outside of it is touched. */
async function mergeFolder(upper: string, lower: string): Promise<void> {
  const names = await readdir(upper)
  if (names.includes(opaque)) {
    for (const name of await readdir(lower)) await removed(join(lower, name))
  }
  for (const name of names.filter((each) => each.startsWith(whiteout) && each !== opaque)) {
    const hidden = name.slice(whiteout.length)
    if (hidden !== '' && hidden !== '.' && hidden !== '..') await removed(join(lower, hidden))
  }
  for (const name of names.filter((each) => !each.startsWith(whiteout))) {
    const [from, to] = [join(upper, name), join(lower, name)]
    const [source, target] = [await lstat(from), await lstat(to).catch(() => undefined)]
    if (!source.isDirectory()) {
      await removed(to)
      await rename(from, to)
      continue
    }
    if (!target?.isDirectory()) {
      await removed(to)
      await mkdir(to)
    }
    await mergeFolder(from, to)
    // An ordinary user owns all that it unpacks.
    if (process.getuid?.() === 0) await lchown(to, source.uid, source.gid)
    await chmod(to, source.mode & 0o7777)
  }
}

async function removed(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
}

function faulty(message: string, cause?: unknown): DriverError {
  return new DriverError(message, { retryable: false, cause })
}

import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { DriverError, reasonOf } from '../../kernel/errors.ts'
import type { BlobEntry, BlobStore, StoredBlob } from '../../objects/blob.ts'

/** No upload of ours takes longer between two writes; what is older was left by a process that died. */
const abandonedAfterMilliseconds = 3_600_000
const readBufferBytes = 256 * 1024
const smallBytesMax = 64 * 1024

/** Opens the blobs in a folder, which is made when it is not there. */
export async function openFileBlobs(folder: string): Promise<BlobStore> {
  await doing(`opening ${folder}`, async () => {
    await mkdir(join(folder, 'blobs'), { recursive: true })
    await mkdir(join(folder, 'incoming'), { recursive: true })
    await removeAbandoned(join(folder, 'incoming'))
  })
  return new FileBlobs(folder)
}

/** What fits in one buffer is read at once: a stream with its large buffer costs a small object five times as much. */
async function streamOf(
  file: FileHandle,
  range: { start: number; end: number } | undefined,
): Promise<Readable> {
  const { size } = await file.stat()
  const start = range?.start ?? 0
  const length = Math.min(range?.end ?? size - 1, size - 1) - start + 1
  if (length > smallBytesMax) {
    return file.createReadStream({ ...range, highWaterMark: readBufferBytes })
  }
  try {
    const bytes = Buffer.allocUnsafe(Math.max(length, 0))
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at)
      if (bytesRead === 0) throw new Error('the file is shorter than it was')
      at += bytesRead
    }
    return Readable.from(bytes.length === 0 ? [] : [bytes], { objectMode: false })
  } finally {
    await file.close()
  }
}

class FileBlobs implements BlobStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async put(content: AsyncIterable<Uint8Array>): Promise<StoredBlob> {
    const blobId = randomBytes(16).toString('hex')
    const incoming = join(this.#folder, 'incoming', blobId)
    const written = await this.#write(incoming, content).catch(async (thrown: unknown) => {
      await rm(incoming, { force: true }).catch(() => undefined)
      throw thrown
    })
    await doing(`storing ${blobId}`, () => this.#place(incoming, this.#pathOf(blobId)))
    return { blobId, ...written }
  }

  async read(
    blobId: string,
    range?: { start: number; end: number },
  ): Promise<Readable | undefined> {
    try {
      const file = await open(this.#pathOf(blobId), 'r')
      return await streamOf(file, range)
    } catch (thrown) {
      if (isMissing(thrown)) return undefined
      throw driverError(`reading ${blobId}`, thrown)
    }
  }

  concatenate(blobIds: readonly string[]): Promise<StoredBlob> {
    return this.put(this.#joined(blobIds))
  }

  remove(blobId: string): Promise<void> {
    return doing(`removing ${blobId}`, () => rm(this.#pathOf(blobId), { force: true }))
  }

  async *list(): AsyncGenerator<BlobEntry> {
    const root = join(this.#folder, 'blobs')
    for (const shard of await readdir(root)) {
      for (const blobId of await readdir(join(root, shard))) {
        const found = await stat(join(root, shard, blobId)).catch(() => undefined)
        if (found) yield { blobId, storedAt: found.mtimeMs }
      }
    }
  }

  #pathOf(blobId: string): string {
    return join(this.#folder, 'blobs', blobId.slice(0, 2), blobId)
  }

  async *#joined(blobIds: readonly string[]): AsyncGenerator<Uint8Array> {
    for (const blobId of blobIds) {
      const content = await this.read(blobId)
      if (!content) throw new DriverError(`the blob ${blobId} is gone`, { retryable: false })
      yield* content as AsyncIterable<Uint8Array>
    }
  }

  async #write(
    path: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ size: number; md5: string }> {
    const file = await doing(`creating ${path}`, () => open(path, 'wx', 0o600))
    const hash = createHash('md5')
    let size = 0
    try {
      for await (const piece of content) {
        hash.update(piece)
        size += piece.length
        await doing(`writing ${path}`, () => file.writeFile(piece))
      }
      await doing(`syncing ${path}`, () => file.sync())
    } finally {
      await file.close()
    }
    return { size, md5: hash.digest('hex') }
  }

  async #place(incoming: string, path: string): Promise<void> {
    const shard = dirname(path)
    if (await mkdir(shard, { recursive: true })) await syncFolder(dirname(shard))
    await rename(incoming, path)
    await syncFolder(shard)
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function removeAbandoned(incoming: string): Promise<void> {
  const oldest = Date.now() - abandonedAfterMilliseconds
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name)
    const found = await stat(path).catch(() => undefined)
    if (found && found.mtimeMs < oldest) await rm(path, { force: true })
  }
}

async function doing<R>(what: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (thrown) {
    throw driverError(what, thrown)
  }
}

function driverError(what: string, thrown: unknown): DriverError {
  const isFull = codeOf(thrown) === 'ENOSPC' || codeOf(thrown) === 'EDQUOT'
  const words = isFull ? 'the disk of the objects is full' : 'the disk of the objects failed'
  return new DriverError(`${words}: ${what}: ${reasonOf(thrown)}`, {
    retryable: true,
    cause: thrown,
  })
}

function isMissing(thrown: unknown): boolean {
  return codeOf(thrown) === 'ENOENT'
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
}

import { createHash } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { badBundle, bundleLimits, type BundleLimits } from './bundle-entry.ts'

export interface SpooledBundle {
  readonly path: string
  readonly size: number
  /** Lower-case hexadecimal. */
  readonly md5: string
  remove(): Promise<void>
}

/** Writes a body to a private file: archives are read twice, zips from their end. */
export async function spool(
  body: AsyncIterable<Uint8Array>,
  parentDirectory: string,
  limits: BundleLimits = bundleLimits,
): Promise<SpooledBundle> {
  const directory = await mkdtemp(join(parentDirectory, 'evenkeel-bundle-'))
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true })
  const path = join(directory, 'bundle')
  const hash = createHash('md5')
  let size = 0
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const chunk of body) {
        size += chunk.length
        if (size > limits.compressedBytesMax) {
          throw badBundle(`the bundle is larger than ${limits.compressedBytesMax} bytes`)
        }
        hash.update(chunk)
        await file.write(chunk)
      }
    } finally {
      await file.close()
    }
    return { path, size, md5: hash.digest('hex'), remove }
  } catch (thrown) {
    await remove()
    throw thrown
  }
}

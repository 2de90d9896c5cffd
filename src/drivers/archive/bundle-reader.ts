import type { Readable } from 'node:stream'
import { tmpdir } from 'node:os'
import type { BundleReader } from '../../deploy/bundle-reader.ts'
import { inspectBundle } from './inspect-bundle.ts'
import { spool } from './spool.ts'

/** Looks into bundles on the server. Bodies pass through a private file in `directory`. */
export function bundleReader(directory: string = tmpdir()): BundleReader {
  return {
    async appspec(body: Readable, type) {
      const spooled = await spool(body, directory)
      try {
        const source = { path: spooled.path, type, compressedBytes: spooled.size }
        return (await inspectBundle(source)).appspec
      } finally {
        await spooled.remove()
      }
    },
  }
}

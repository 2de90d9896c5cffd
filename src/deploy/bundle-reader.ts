import type { Readable } from 'node:stream'
import type { BundleType } from './revision.ts'

/** A look into a bundle, before any host is touched. Fulfilled by `drivers/archive`. */
export interface BundleReader {
  /**
   * The name and the text of `appspec.yml` (or `.yaml`), at the top or in the one folder at the top. Reads the whole body, or
   * destroys it. Throws a `DriverError` that says what is wrong with the archive.
   */
  appspec(
    body: Readable,
    bundleType: BundleType,
  ): Promise<{ readonly name: string; readonly text: string } | undefined>
}

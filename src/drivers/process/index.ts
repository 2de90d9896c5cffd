import { DriverError } from '../../kernel/errors.ts'
import type { HostDriver } from '../namespaces/index.ts'

/** The process driver; its machines see the host machine as it is. */
export async function openProcessDriver(options: {
  readonly dataDirectory: string
  readonly runDirectory: string
}): Promise<HostDriver> {
  throw new DriverError(
    `the process driver is not built yet; ${options.dataDirectory} needs a machine with namespaces (see evenkeel doctor)`,
    { retryable: false },
  )
}

import type {
  ComputeDriver,
  ConsoleDriver,
  DiskDriver,
  UsageDriver,
  ZoneDriver,
} from '../../compute/driver.ts'
import type { NetworkDriver } from '../../network/driver.ts'

/** The contracts of one host, and what ends it. */
export interface HostDriver {
  readonly compute: ComputeDriver
  readonly network: NetworkDriver
  readonly zones: ZoneDriver
  readonly disks: DiskDriver
  readonly usage: UsageDriver
  readonly consoles: ConsoleDriver
  /** Ends all machines, keeping their disks or not, and removes all that was made in the kernel. */
  shutDown(machines: 'stop' | 'terminate', graceMilliseconds: number): Promise<void>
}

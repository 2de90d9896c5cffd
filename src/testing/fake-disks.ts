import type { DiskDriver } from '../compute/driver.ts'
import { DriverError } from '../kernel/errors.ts'
import type { DiskSource } from '../protocol/machine.ts'

export interface FakeDisks extends DiskDriver {
  /** Of what each disk was made. */
  readonly disks: ReadonlyMap<string, DiskSource | undefined>
}

/** Disks in memory: one is made only of what is there. Every machine has a disk. */
export function fakeDisks(): FakeDisks {
  const disks = new Map<string, DiskSource | undefined>()
  return {
    disks,
    async makeDisk(id, source) {
      if (source && 'diskId' in source && !disks.has(source.diskId)) {
        throw new DriverError(`there is no disk ${source.diskId}`, { retryable: false })
      }
      if (!disks.has(id)) disks.set(id, source)
    },
    async removeDisk(id) {
      disks.delete(id)
    },
    async attachDisk() {},
    async detachDisk() {},
  }
}

import { randomBytes } from 'node:crypto'
import { Disks } from '../machines/disks.ts'
import type { HostDriver } from '../machines/host-driver.ts'
import { MachineFiles } from '../machines/machine-files.ts'
import { FaultFile } from '../machines/fault-file.ts'
import { consoleReader } from '../machines/read-consoles.ts'
import { machineUsage, sessionSpaces } from '../machines/machine-usage.ts'
import { ZoneFaults } from '../machines/zone-faults.ts'
import { MachineLife } from '../machines/machine-life.ts'
import { NetworkFiles } from '../machines/network-files.ts'
import { LinkedSlots } from './linked-slots.ts'
import { LoopbackRanges } from './loopback-ranges.ts'
import { ProcessNetworks } from './process-networks.ts'
import { ProcessRuntime } from './process-runtime.ts'

export { processLacks } from './process-lacks.ts'

/** The process driver: machines are process groups and see the host machine as it is. */
export async function openProcessDriver(options: {
  readonly dataDirectory: string
  /** Of the AWS endpoint on 127.0.0.1. */
  readonly endpointPort: number
}): Promise<HostDriver> {
  const { dataDirectory, endpointPort } = options
  const files = new MachineFiles(dataDirectory)
  const network = new ProcessNetworks(
    new NetworkFiles(dataDirectory),
    new LoopbackRanges(dataDirectory),
  )
  const disks = new Disks({
    dataDirectory,
    files,
    slots: new LinkedSlots(files),
    ownDiskOf: (machineId) => files.path(machineId, 'root'),
  })
  const runtime = new ProcessRuntime({ files, networks: network, endpointPort, disks })
  const faults = new FaultFile(dataDirectory)
  const hostEpoch = randomBytes(8).toString('hex')
  const compute = new MachineLife({ files, runtime, hostEpoch, faults })
  const zones = new ZoneFaults(faults, compute, runtime)
  await zones.enforce()
  compute.keepLooking()
  return {
    compute,
    network,
    zones,
    disks,
    usage: machineUsage(() => compute.running(), sessionSpaces),
    consoles: consoleReader(files),
    async shutDown(how, graceMilliseconds) {
      await zones.restoreAll()
      if (how === 'stop') await compute.stopAll(graceMilliseconds)
      else await compute.terminateAll()
    },
  }
}

import { randomBytes } from 'node:crypto'
import type { HostDriver } from '../machines/host-driver.ts'
import { Disks } from '../machines/disks.ts'
import { MachineFiles } from '../machines/machine-files.ts'
import { FaultFile } from '../machines/fault-file.ts'
import { consoleReader } from '../machines/read-consoles.ts'
import { machineUsage, namespaceSpaces } from '../machines/machine-usage.ts'
import { ZoneFaults } from '../machines/zone-faults.ts'
import { faultTools } from './fault-tools.ts'
import { MachineLife } from '../machines/machine-life.ts'
import { NetworkFiles } from '../machines/network-files.ts'
import type { UserMap } from './holder.ts'
import { MountedSlots } from './mounted-slots.ts'
import { NamespaceRuntime } from './namespace-runtime.ts'
import { NamespaceNetworks } from './networks.ts'
import { Uplinks } from './uplinks.ts'
import { openWorkspace } from './workspace.ts'

export {
  endHolder,
  ensureHolder,
  enterHolder,
  readHolder,
  removeThroughMap,
  type UserMap,
} from './holder.ts'
export { probeDriver, type ProbeResult } from './probe.ts'

/** The namespaces driver. The calling process runs inside the holder. */
export async function openNamespaces(options: {
  readonly dataDirectory: string
  readonly runDirectory: string
  readonly userMap: UserMap
}): Promise<HostDriver> {
  const { dataDirectory, runDirectory, userMap } = options
  const workspace = await openWorkspace(options)
  const files = new MachineFiles(dataDirectory)
  const faults = new FaultFile(dataDirectory)
  const networks = new NamespaceNetworks({
    runDirectory,
    files: new NetworkFiles(dataDirectory),
    uplinks: userMap === 'root' ? new Uplinks(runDirectory) : undefined,
    convergeMachines: (spec) => runtime.converge(spec, life.running()),
  })
  const slots = new MountedSlots(workspace.path)
  const ownDiskOf = (machineId: string): string => files.path(machineId, 'upper')
  const disks = new Disks({ dataDirectory, files, slots, ownDiskOf })
  const runtime = new NamespaceRuntime({
    disks,
    slots,
    workspace,
    files,
    networks,
    isCut: (zone) => faults.of(zone) === 'cut',
  })
  const hostEpoch = randomBytes(8).toString('hex')
  const life = new MachineLife({ files, runtime, hostEpoch, faults })
  const zones = new ZoneFaults(
    faults,
    life,
    faultTools({
      runDirectory,
      specOf: (networkId) => networks.specOf(networkId),
      converge: (machines) => runtime.convergeAll(machines),
    }),
  )
  await zones.enforce()
  life.keepLooking()
  return {
    compute: life,
    network: networks,
    zones,
    disks,
    usage: machineUsage(() => life.running(), namespaceSpaces),
    consoles: consoleReader(files),
    async shutDown(how, graceMilliseconds) {
      await zones.restoreAll()
      if (how === 'stop') await life.stopAll(graceMilliseconds)
      else await life.terminateAll()
      await runtime.close()
      await networks.unmakeAll()
    },
  }
}

import { randomBytes } from 'node:crypto'
import type { ComputeDriver } from '../../compute/driver.ts'
import type { NetworkDriver } from '../../network/driver.ts'
import type { UserMap } from './holder.ts'
import { NamespaceMachines } from './machines.ts'
import { NetworkFiles } from './network-files.ts'
import { NamespaceNetworks } from './networks.ts'
import { Uplinks } from './uplinks.ts'
import { openWorkspace } from './workspace.ts'

export { connectInside, openInside, type Door } from './doors.ts'
export { endHolder, ensureHolder, enterHolder, readHolder, type UserMap } from './holder.ts'
export { probeDriver, type ProbeResult } from './probe.ts'

/** Both contracts of one host, and what ends it. */
export interface HostDriver {
  readonly compute: ComputeDriver
  readonly network: NetworkDriver
  /** Ends all machines, keeping their disks or not, and removes all that was made in the kernel. */
  shutDown(machines: 'stop' | 'terminate', graceMilliseconds: number): Promise<void>
}

/** The namespaces driver. The calling process runs inside the holder. */
export async function openNamespaces(options: {
  readonly dataDirectory: string
  readonly runDirectory: string
  readonly userMap: UserMap
}): Promise<HostDriver> {
  const workspace = await openWorkspace(options)
  const files = new NetworkFiles(options.dataDirectory)
  const uplinks = options.userMap === 'root' ? new Uplinks(options.runDirectory) : undefined
  const networks = new NamespaceNetworks({
    runDirectory: options.runDirectory,
    files,
    uplinks,
    convergeMachines: (spec) => machines.converge(spec),
  })
  const machines = new NamespaceMachines({
    workspace,
    hostEpoch: randomBytes(8).toString('hex'),
    specOf: (networkId) => networks.specOf(networkId),
  })
  return {
    compute: machines,
    network: networks,
    async shutDown(how, graceMilliseconds) {
      if (how === 'stop') await machines.stopAll(graceMilliseconds)
      else await machines.terminateAll()
      await networks.unmakeAll()
    },
  }
}

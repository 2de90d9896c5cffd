import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import type { ExecStreams } from '../../compute/driver.ts'
import type {
  ExecRequest,
  ExecResult,
  MachineImpairment,
  MachineSpec,
} from '../../protocol/machine.ts'
import type { NetworkSpec } from '../../protocol/network.ts'
import type { MachineFiles } from '../machines/machine-files.ts'
import type { MachineRuntime, StartedMachine } from '../machines/machine-runtime.ts'
import type { Disks } from '../machines/disks.ts'
import { isStopped } from '../machines/process-states.ts'
import { BlankMachines } from './blank-machines.ts'
import { linkOf, type Link } from './links.ts'
import { convergeLink, noteLink, removeLink } from './converge-link.ts'
import { execInMachine } from './exec-in-machine.ts'
import { removeLimits } from './limits.ts'
import type { MountedSlots } from './mounted-slots.ts'
import { startMachine } from './start-machine.ts'
import { blankFstab, type Workspace } from './workspace.ts'

export interface NamespaceRuntimeOptions {
  readonly workspace: Workspace
  readonly files: MachineFiles
  readonly networks: NetworkSource
  /** Zones whose links are to stay down. */
  isCut(zone: string): boolean
  readonly disks: Disks
  readonly slots: MountedSlots
}

/** What a machine needs to know of networks. */
export interface NetworkSource {
  /** As applied; throws while it is not. */
  specOf(networkId: string): NetworkSpec
  /** As applied with a subnet. */
  knownWith(networkId: string, subnetId: string): NetworkSpec | undefined
  /** With an interface of it, about to be applied: links may be made, and nobody may use them yet. */
  announcedWith(networkId: string, interfaceId: string): Promise<NetworkSpec>
  inForceWith(networkId: string, interfaceId: string): Promise<NetworkSpec>
}

/** Machines as namespaces on an overlay root. */
export class NamespaceRuntime implements MachineRuntime {
  readonly #options: NamespaceRuntimeOptions
  readonly #blanks: BlankMachines

  constructor(options: NamespaceRuntimeOptions) {
    this.#options = options
    this.#blanks = new BlankMachines(blankFstab(options.workspace.path))
  }

  async start(
    spec: MachineSpec,
    onEnd: (reason: string | undefined) => void,
  ): Promise<StartedMachine> {
    const { workspace, files, networks, disks, slots } = this.#options
    const { networkId, interfaceId } = spec
    const { layers, hasDefault } = layersOf(workspace, disks, spec.image)
    await disks.mountAll(spec.id, spec.disks ?? [])
    const slot = spec.command ? undefined : slots.folderOf(spec.id)
    const link = await this.#linkOf(spec)
    const started = await startMachine({
      ...{ workspace, files, spec, link, onEnd },
      disk: { layers, hasDefault, slot },
      blank: () => this.#blanks.take(),
      inForce: () => networks.inForceWith(networkId, interfaceId),
    })
    noteLink(workspace.runDirectory, spec.id, started.identity.pid, link)
    // The network may have been applied anew between the look at it and now.
    await this.#convergeOne(networks.specOf(networkId), spec, started.identity.pid)
    return started
  }

  /** Of a machine whose face is known, as soon as its subnet is: rules that are not there yet let nothing through. */
  async #linkOf({ id, networkId, interfaceId, face }: MachineSpec): Promise<Link> {
    const { networks } = this.#options
    const known = face && networks.knownWith(networkId, face.subnetId)
    if (!known) return linkOf(await networks.announcedWith(networkId, interfaceId), id, interfaceId)
    const isApplied = known.interfaces.some((each) => each.id === interfaceId)
    const own = { ...face, id: interfaceId, machineId: id, securityGroupIds: [] }
    return linkOf(isApplied ? known : { ...known, interfaces: [own] }, id, interfaceId)
  }

  /** Ends what waits to become a machine. */
  close(): Promise<void> {
    return this.#blanks.close()
  }

  exec(
    _spec: MachineSpec,
    pid: number,
    request: ExecRequest,
    streams: ExecStreams,
  ): Promise<ExecResult> {
    return execInMachine(pid, request, streams)
  }

  /** The kernel removes a link some time after the namespace that it leads to; the next start would collide with it. */
  async release(spec: MachineSpec): Promise<void> {
    removeLimits(spec.id)
    await this.#options.disks.unmountAll(spec.id)
    await removeLink(this.#options.workspace.runDirectory, spec)
  }

  /** The far end of `eth0` is down, or its processes stand still. */
  impairmentOf(_spec: MachineSpec, pid: number): MachineImpairment | undefined {
    if (isStopped(pid)) return 'paused'
    return hasCarrier(pid) ? undefined : 'no-link'
  }

  /** Gives the network's running machines the addresses that they have now. */
  async converge(
    network: NetworkSpec,
    running: readonly { readonly spec: MachineSpec; readonly pid: number }[],
  ): Promise<void> {
    const facesOf = Map.groupBy(network.interfaces, (face) => face.machineId)
    await Promise.all(
      running.flatMap(({ spec, pid }) => {
        const interfaces = spec.networkId === network.id ? facesOf.get(spec.id) : undefined
        return interfaces ? [this.#convergeOne({ ...network, interfaces }, spec, pid)] : []
      }),
    )
  }

  /** The same for some machines of any network. */
  async convergeAll(
    machines: readonly { readonly spec: MachineSpec; readonly pid: number }[],
  ): Promise<void> {
    const { networks } = this.#options
    await Promise.all(
      machines.map(({ spec, pid }) =>
        this.#convergeOne(networks.specOf(spec.networkId), spec, pid),
      ),
    )
  }

  async #convergeOne(network: NetworkSpec, machine: MachineSpec, pid: number): Promise<void> {
    if (!network.interfaces.some((face) => face.machineId === machine.id)) return
    if (this.#options.isCut(machine.zone)) return
    await convergeLink({
      runDirectory: this.#options.workspace.runDirectory,
      network,
      machine,
      pid,
    })
  }
}

/** `/sys` of a machine is mounted read-only and nobody inside may mount another. A machine that ends just now is not ill. */
function hasCarrier(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/root/sys/class/net/eth0/carrier`, 'utf8').trim() !== '0'
  } catch {
    return true
  }
}

/** Paths of an image's layers, uppermost first, and whether the host machine's system folders lie over the lowest one. */
function layersOf(
  { path, imageLayer }: Workspace,
  disks: Disks,
  image: string,
): { readonly layers: readonly string[]; readonly hasDefault: boolean } {
  const { disks: ids, hasDefault } = disks.layersOf(image)
  const own = ids.map((id) => join(path, 'data', 'disks', id, 'content'))
  return { layers: hasDefault ? [...own, imageLayer] : own, hasDefault }
}

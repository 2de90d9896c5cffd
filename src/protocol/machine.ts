/** A machine as the host is asked to run it. */
export interface MachineSpec {
  /** Ours, and the name of everything made for it: `i-0123…`, `gw-…`. Launching it twice is one machine. */
  readonly id: string
  readonly zone: string
  readonly image: string
  readonly hostname: string
  /** Where it looks for names without a dot: `ec2.internal`. */
  readonly searchDomain?: string
  /** The network whose namespace it joins, and the interface that is its `eth0` there. */
  readonly networkId: string
  readonly interfaceId: string
  /** That interface, for whoever knows it already: then the machine is made while its network is still on its way. */
  readonly face?: MachineFace
  /**
   * The first process. `{node}` and `{app}` stand for the platform's own Node and source folder as the machine sees
   * them. Absent: the machine's own init, which runs user data once and then waits for its children.
   */
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Run once, at the first boot, as root: a shell script (`#!…`). Base64. */
  readonly userData?: string
  /** Opens the machine to whoever has its private half: a line of an authorized_keys file. Placed once, at the first boot. */
  readonly publicKey?: string
  readonly limits?: MachineLimits
  /** Directories of the platform that it may see: only gateways have any. */
  readonly shares?: readonly Share[]
  /** That it has from its first start on; later ones come and go by `attachDisk` and `detachDisk`. */
  readonly disks?: readonly DiskMount[]
}

export interface MachineFace {
  readonly subnetId: string
  readonly address: string
  readonly macAddress: string
}

export interface MachineLimits {
  readonly memoryBytes?: number
  readonly processesMax?: number
  /** Share of one core: 2 is two cores. */
  readonly cpus?: number
}

export interface Share {
  readonly hostPath: string
  readonly machinePath: string
  readonly writable: boolean
}

/** A zone that is broken on purpose: its machines killed, cut off the network, or stopped where they are. */
export type ZoneFault = 'killed' | 'cut' | 'paused'

/** What a host says of a machine that was killed with its zone: it comes back when the zone does, unless somebody lets it go. */
export const lostWithItsZone = 'lost with its zone'

/** What a host says of a machine that went down to come up again on its disk. */
export const wentDownToReboot = 'reboot'

/** Why a machine that runs serves nobody: its link has no carrier, or its first process is stopped. */
export type MachineImpairment = 'no-link' | 'paused'

/** A disk as a machine sees it: the folder `/media/<name>`. */
export interface DiskMount {
  readonly diskId: string
  /** `sdf` */
  readonly name: string
}

/** What a new disk holds: what another holds, or what a machine wrote over its image, or what is in an archive or folder of the host machine. */
export type DiskSource =
  | { readonly diskId: string }
  | { readonly machineId: string }
  | { readonly archive: string }

export type MachinePhase = 'starting' | 'running' | 'stopped' | 'terminated'

/** A machine as the host sees it. */
export interface MachineStatus {
  readonly id: string
  readonly phase: MachinePhase
  /** Of its first process, in the host's own pid namespace; while it runs. */
  readonly pid?: number
  /** Grows with each start, so that an exit can be told from the exit before. */
  readonly incarnation: number
  readonly startedAt?: number
  readonly exitedAt?: number
  /** Why it is not running, for a person: `exit code 1`, `killed by signal 9`. */
  readonly reason?: string
  /** For a person: limits of its specification that this host machine cannot enforce. Absent when it enforces all. */
  readonly notEnforced?: readonly string[]
  /** As last looked at, of a machine that runs; absent when it is well. */
  readonly impairment?: MachineImpairment
}

/** What consoles are read: of each machine from a place on, at most so many bytes. */
export interface ConsoleOrder {
  readonly after: Readonly<Record<string, number>>
  readonly bytesMax: number
}

/** Places count bytes since the console's beginning; those that have been cut off are counted too. */
export interface ConsolePart {
  readonly id: string
  /** More than was asked for when what lay between has been cut off. */
  readonly from: number
  readonly until: number
  /** Base64. */
  readonly bytes: string
}

/** What a machine used since its first process began; counters that only grow while it runs. */
export interface MachineUsage {
  readonly id: string
  /** Of one processor. */
  readonly cpuSeconds: number
  /** Absent where machines share the host's network. */
  readonly network?: {
    readonly bytesIn: number
    readonly packetsIn: number
    readonly bytesOut: number
    readonly packetsOut: number
  }
}

/** A complete list, made under one epoch of the host process. */
export interface MachineInventory {
  /** Changes when the host process starts anew. */
  readonly hostEpoch: string
  readonly machines: readonly MachineStatus[]
  /** By zone; absent when no zone is faulted. */
  readonly zoneFaults?: Readonly<Record<string, ZoneFault>>
}

export interface ExecRequest {
  readonly machineId: string
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly workingDirectory?: string
  /** A user name inside the machine; root when absent. */
  readonly user?: string
  readonly timeoutMilliseconds?: number
}

export interface ExecResult {
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  readonly timedOut: boolean
}

import type {
  ConsoleOrder,
  ConsolePart,
  DiskMount,
  DiskSource,
  ExecRequest,
  ExecResult,
  MachineInventory,
  MachineLimits,
  MachineSpec,
  MachineStatus,
  MachineUsage,
  ZoneFault,
} from '../protocol/machine.ts'

/**
 * The compute contract. Every call may be repeated: the machine's id names all that is made for it. Failures are
 * `DriverError`s. Fulfilled by `drivers/*`, faked by `testing/fake-compute.ts`, held to by `testing/conformance/compute.ts`.
 */
export interface ComputeDriver {
  /** Resolves when the machine's first process runs. Launching a machine that runs already changes nothing. */
  launch(spec: MachineSpec): Promise<MachineStatus>
  /** Asks its first process to end, kills it after `graceMilliseconds`. Its disk and address stay. */
  stop(machineId: string, graceMilliseconds: number): Promise<MachineStatus>
  /** Starts a stopped machine on its disk, within other limits where they are given. User data does not run again. */
  start(machineId: string, limits?: MachineLimits): Promise<MachineStatus>
  /** Kills it and removes its disk. Terminating what is not there succeeds. */
  terminate(machineId: string): Promise<void>
  /** Complete, or it throws. */
  inventory(): Promise<MachineInventory>
  /** The last bytes of its console, oldest first. */
  console(machineId: string, bytesMax: number): Promise<Buffer>
  /** Runs a command inside a running machine. Output arrives through `output` while it runs. */
  exec(request: ExecRequest, streams: ExecStreams): Promise<ExecResult>
  /** Calls back at every change of a machine's phase, within milliseconds of it. Returns how to stop watching. */
  watch(listener: (status: MachineStatus) => void): () => void
}

/**
 * Volumes, snapshots and images: disks that outlive machines. Fulfilled by `drivers/*` beside the compute contract. Every call may be repeated; failures are
 * `DriverError`s, not retryable where trying again is of no use.
 */
export interface DiskDriver {
  /** Resolves when the disk is whole. Making one that is there changes nothing. */
  makeDisk(id: string, source?: DiskSource): Promise<void>
  /** Removing what is not there succeeds. */
  removeDisk(id: string): Promise<void>
  /** The disk appears in the machine, running or not, and at every start from now on. */
  attachDisk(machineId: string, mount: DiskMount): Promise<void>
  /** A retryable `DriverError` while the machine uses it, unless it is forced. */
  detachDisk(machineId: string, mount: DiskMount, isForced: boolean): Promise<void>
}

export interface ExecStreams {
  readonly input?: AsyncIterable<Buffer>
  /** A promise holds the command back until it resolves. */
  output?(stream: 'stdout' | 'stderr', chunk: Buffer): void | Promise<void>
  readonly signal?: AbortSignal
}

/** Tells what machines use, for metrics. Fulfilled by `drivers/*` beside the compute contract. */
export interface UsageDriver {
  /** Of the machines that run now. */
  usage(): Promise<readonly MachineUsage[]>
}

/** Tells what consoles got, for those who keep it. Fulfilled by `drivers/*` beside the compute contract. */
export interface ConsoleDriver {
  /** Of the machines that are known and got something. */
  consoles(order: ConsoleOrder): Promise<readonly ConsolePart[]>
}

/**
 * Breaks a zone on purpose, for game days. Fulfilled by `drivers/*` beside the compute contract; which zones are broken is in every
 * inventory (`zoneFaults`), and what it does to machines shows in their statuses.
 */
export interface ZoneDriver {
  /**
   * `killed`: its machines die, gateways too. `cut`: their links go down. `paused`: all of their processes are stopped. While it lasts
   * nothing starts there. Without a fault the zone is whole again: links go up, processes go on; what was killed stays so. Resolves when it is so. The fault
   * outlives the host process and ends with `evenkeel down`. Throws a DriverError, not retryable, for what the driver cannot do.
   */
  faultZone(zone: string, fault: ZoneFault | undefined): Promise<void>
}

import type { ExecStreams } from '../../compute/driver.ts'
import type {
  ExecRequest,
  ExecResult,
  MachineImpairment,
  MachineSpec,
} from '../../protocol/machine.ts'
import type { ProcessIdentity } from '../processes/index.ts'
import type { ExitWatch } from './exit-watch.ts'

export interface StartedMachine {
  readonly identity: ProcessIdentity
  readonly watch: ExitWatch
  /** For a person: limits that this host machine cannot enforce. */
  readonly notEnforced: readonly string[]
}

/** How a technology runs machines. Each call may be repeated after a crash. */
export interface MachineRuntime {
  /**
   * Starts the processes on the machine's disk, making the disk first if there is none. Resolves when the first process heeds signals.
   * `onEnd` is called once after that, when the first process has ended.
   */
  start(spec: MachineSpec, onEnd: (reason: string | undefined) => void): Promise<StartedMachine>
  exec(
    spec: MachineSpec,
    pid: number,
    request: ExecRequest,
    streams: ExecStreams,
  ): Promise<ExecResult>
  /** Kills, at once, what outlived the first process; where the kernel sees to that there is nothing to do. */
  killRemains?(machineId: string): void
  /** What keeps a running machine from serving, as the kernel shows it now. */
  impairmentOf(spec: MachineSpec, pid: number): MachineImpairment | undefined
  /** After the first process ended: removes whatever else of the machine is left outside its disk. */
  release(spec: MachineSpec): Promise<void>
}

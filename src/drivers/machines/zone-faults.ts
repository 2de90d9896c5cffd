import type { ZoneDriver } from '../../compute/driver.ts'
import { DriverError } from '../../kernel/errors.ts'
import type { MachineSpec, ZoneFault } from '../../protocol/machine.ts'
import type { FaultFile } from './fault-file.ts'
import type { MachineLife } from './machine-life.ts'

/** What a technology does to machines that run. Each call may be repeated; what is not there cannot be done. */
export interface FaultTools {
  pause(machines: readonly RunningMachine[]): void
  resume(machines: readonly RunningMachine[]): void
  cut?(machines: readonly RunningMachine[]): Promise<void>
  mend?(machines: readonly RunningMachine[]): Promise<void>
}

export interface RunningMachine {
  readonly spec: MachineSpec
  readonly pid: number
}

/** How often a pause looks whether a machine came up in between: starts under way end within a second or two. */
const settleMilliseconds = 20
const settleLooksMax = 250

/**
 * Breaks zones and mends them. The file is written first: a crash in between leaves a fault that the next host process completes,
 * never one that was acknowledged and is gone.
 */
export class ZoneFaults implements ZoneDriver {
  readonly #file: FaultFile
  readonly #life: MachineLife
  readonly #tools: FaultTools
  #turn: Promise<unknown> = Promise.resolve()

  constructor(file: FaultFile, life: MachineLife, tools: FaultTools) {
    this.#file = file
    this.#life = life
    this.#tools = tools
  }

  faultZone(zone: string, fault: ZoneFault | undefined): Promise<void> {
    const turn = this.#turn.then(() => this.#set(zone, fault))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** Does again what the file says: after a new start of the host process. */
  async enforce(): Promise<void> {
    for (const [zone, fault] of Object.entries(this.#file.all)) await this.#act(zone, fault)
  }

  /** Before a shutdown: machines that are stopped heed no signal. */
  async restoreAll(): Promise<void> {
    for (const zone of Object.keys(this.#file.all)) await this.faultZone(zone, undefined)
  }

  async #set(zone: string, fault: ZoneFault | undefined): Promise<void> {
    if (fault === 'cut' && !this.#tools.cut) {
      throw new DriverError('this driver cannot cut a zone off: its machines share one network', {
        retryable: false,
      })
    }
    const before = this.#file.of(zone)
    if (before !== undefined && before !== fault) await this.#undo(zone, before)
    this.#file.set(zone, fault)
    if (fault !== undefined) await this.#act(zone, fault)
    this.#life.lookAtHealth()
  }

  async #act(zone: string, fault: ZoneFault): Promise<void> {
    await this.#once(zone, fault)
    // Whose start was under way when the fault began comes up a moment later.
    for (let look = 0; look < settleLooksMax && this.#life.isStartingIn(zone); look++) {
      await new Promise((resolve) => setTimeout(resolve, settleMilliseconds))
      await this.#once(zone, fault)
    }
  }

  async #once(zone: string, fault: ZoneFault): Promise<void> {
    const machines = this.#in(zone)
    if (fault === 'killed') await Promise.all(machines.map(({ spec }) => this.#life.kill(spec.id)))
    else if (fault === 'cut') await this.#tools.cut?.(machines)
    else this.#tools.pause(machines)
  }

  async #undo(zone: string, fault: ZoneFault): Promise<void> {
    const machines = this.#in(zone)
    // The file first: the network's own convergence leaves the links of a zone alone that is cut.
    this.#file.set(zone, undefined)
    if (fault === 'cut') await this.#tools.mend?.(machines)
    if (fault === 'paused') this.#tools.resume(machines)
  }

  #in(zone: string): readonly RunningMachine[] {
    return this.#life.running().filter(({ spec }) => spec.zone === zone)
  }
}

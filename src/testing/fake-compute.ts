import type { ComputeDriver, ExecStreams } from '../compute/driver.ts'
import { DriverError } from '../kernel/errors.ts'
import type {
  ExecRequest,
  ExecResult,
  MachineLimits,
  MachinePhase,
  MachineSpec,
  MachineStatus,
} from '../protocol/machine.ts'

type Operation = 'launch' | 'stop' | 'start' | 'terminate' | 'inventory' | 'console' | 'exec'

export interface FakeComputeKnobs {
  /** Stamps `startedAt` and `exitedAt`; a counter when absent. */
  readonly now?: () => number
  /** What `exec` does; exit code 0 without output when absent. */
  readonly exec?: (request: ExecRequest, streams: ExecStreams) => Promise<ExecResult> | ExecResult
}

export interface FakeMachine {
  readonly spec: MachineSpec
  readonly status: MachineStatus
}

/** A host without processes: machines are records, and a test turns its knobs. */
export interface FakeCompute extends ComputeDriver {
  readonly machines: ReadonlyMap<string, FakeMachine>
  /** Every call in order, `launch i-1`. */
  readonly calls: readonly string[]
  /** The machine's first process ends, as `kill -9` from outside would have it. */
  kill(machineId: string, reason?: string): void
  /** The next call of the operation fails, once; a retryable DriverError when no error is given. */
  failNext(operation: Operation, error?: Error): void
  /** While true every call fails and no exit is told, as if the host process were dead. */
  setAway(away: boolean): void
  /** The host process starts anew: another epoch, the same machines. */
  restartHost(): void
  /** Text that the machine's console then holds. */
  writeConsole(machineId: string, text: string): void
}

/** Fulfils the compute contract in memory; `testing/conformance/compute.ts` holds it to it. */
export function fakeCompute(knobs: FakeComputeKnobs = {}): FakeCompute {
  const state = new FakeHost(knobs)
  return {
    machines: state.machines,
    calls: state.calls,
    kill: (id, reason = 'killed by signal 9') => state.exit(id, reason),
    failNext: (operation, error) => void state.failures.set(operation, error),
    setAway: (away) => void (state.away = away),
    restartHost: () => void (state.epoch += 1),
    writeConsole: (id, text) => state.append(id, text),
    launch: async (spec) => (state.enter('launch', spec.id), state.launch(spec)),
    stop: async (id) => (state.enter('stop', id), state.stop(id)),
    start: async (id, limits) => (state.enter('start', id), state.start(id, limits)),
    terminate: async (id) => (state.enter('terminate', id), state.terminate(id)),
    inventory: async () => (state.enter('inventory', ''), state.inventory()),
    console: async (id, bytesMax) => (state.enter('console', id), state.console(id, bytesMax)),
    exec: async (request, streams) => {
      state.enter('exec', request.machineId)
      state.running(request.machineId)
      return (await knobs.exec?.(request, streams)) ?? succeeded
    },
    watch: (listener) => state.watch(listener),
  }
}

const succeeded: ExecResult = { exitCode: 0, signal: undefined, timedOut: false }

class FakeHost {
  readonly machines = new Map<string, FakeMachine>()
  readonly calls: string[] = []
  readonly failures = new Map<Operation, Error | undefined>()
  away = false
  epoch = 1
  #consoles = new Map<string, Buffer>()
  #listeners = new Set<(status: MachineStatus) => void>()
  #pid = 1000
  #ticks = 0
  #now: () => number

  constructor(knobs: FakeComputeKnobs) {
    this.#now = knobs.now ?? (() => ++this.#ticks)
  }

  enter(operation: Operation, subject: string): void {
    this.calls.push(`${operation} ${subject}`.trim())
    if (this.away) throw new DriverError('the host is away', { retryable: true })
    if (!this.failures.has(operation)) return
    const error = this.failures.get(operation)
    this.failures.delete(operation)
    throw error ?? new DriverError(`${operation} ${subject} failed`, { retryable: true })
  }

  launch(spec: MachineSpec): MachineStatus {
    const known = this.machines.get(spec.id)
    if (known) return known.status
    return this.#set(spec, this.#runningStatus(spec.id, 1))
  }

  stop(id: string): MachineStatus {
    const machine = this.#known(id)
    if (machine.status.phase === 'stopped') return machine.status
    return this.#set(
      machine.spec,
      this.#endedStatus(machine.status, 'stopped', 'stopped on request'),
    )
  }

  start(id: string, limits?: MachineLimits): MachineStatus {
    const { spec, status } = this.#known(id)
    if (status.phase === 'running') return status
    const within = { ...spec, ...(limits && { limits }) }
    return this.#set(within, this.#runningStatus(id, status.incarnation + 1))
  }

  terminate(id: string): void {
    const machine = this.machines.get(id)
    if (!machine) return
    this.machines.delete(id)
    this.#consoles.delete(id)
    this.#tell(this.#endedStatus(machine.status, 'terminated', 'terminated on request'))
  }

  exit(id: string, reason: string): void {
    const { spec, status } = this.running(id)
    this.#set(spec, this.#endedStatus(status, 'stopped', reason))
  }

  inventory(): { hostEpoch: string; machines: MachineStatus[] } {
    const machines = [...this.machines.values()].map((machine) => machine.status)
    return { hostEpoch: `fake-${this.epoch}`, machines }
  }

  console(id: string, bytesMax: number): Buffer {
    this.#known(id)
    const all = this.#consoles.get(id) ?? Buffer.alloc(0)
    return all.subarray(Math.max(0, all.length - bytesMax))
  }

  append(id: string, text: string): void {
    const before = this.#consoles.get(id) ?? Buffer.alloc(0)
    this.#consoles.set(id, Buffer.concat([before, Buffer.from(text)]))
  }

  running(id: string): FakeMachine {
    const machine = this.#known(id)
    if (machine.status.phase === 'running') return machine
    throw new DriverError(`machine ${id} is ${machine.status.phase}`, { retryable: false })
  }

  watch(listener: (status: MachineStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #known(id: string): FakeMachine {
    const machine = this.machines.get(id)
    if (machine) return machine
    throw new DriverError(`there is no machine ${id}`, { retryable: false })
  }

  #runningStatus(id: string, incarnation: number): MachineStatus {
    return { id, phase: 'running', pid: ++this.#pid, incarnation, startedAt: this.#now() }
  }

  #endedStatus(before: MachineStatus, phase: MachinePhase, reason: string): MachineStatus {
    const { pid: _, ...rest } = before
    return { ...rest, phase, exitedAt: this.#now(), reason }
  }

  #set(spec: MachineSpec, status: MachineStatus): MachineStatus {
    this.machines.set(spec.id, { spec, status })
    this.#tell(status)
    return status
  }

  #tell(status: MachineStatus): void {
    if (this.away) return
    for (const listener of this.#listeners) listener(status)
  }
}

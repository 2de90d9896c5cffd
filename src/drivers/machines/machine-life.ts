import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { ComputeDriver, ExecStreams } from '../../compute/driver.ts'
import { DriverError } from '../../kernel/errors.ts'
import {
  lostWithItsZone,
  type ExecRequest,
  type ExecResult,
  type MachineImpairment,
  type MachineInventory,
  type MachineLimits,
  type MachineSpec,
  type MachineStatus,
} from '../../protocol/machine.ts'
import {
  currentBootId,
  isAlive,
  signalProcess,
  stopProcess,
  type ProcessIdentity,
} from '../processes/index.ts'
import { boundConsole } from './bound-console.ts'
import { lastWords, watchExit, type ExitWatch } from './exit-watch.ts'
import type { FaultFile } from './fault-file.ts'
import type { MachineFiles, MachineRecord } from './machine-files.ts'
import type { MachineRuntime } from './machine-runtime.ts'

/** Two small reads for each machine. */
const healthMilliseconds = 1000

export interface MachineLifeOptions {
  readonly files: MachineFiles
  readonly hostEpoch: string
  readonly runtime: MachineRuntime
  /** Zones that are broken on purpose: nothing starts there. */
  readonly faults: FaultFile
}

interface Live {
  readonly identity: ProcessIdentity
  readonly watch: ExitWatch
  /** Resolved at its end. */
  readonly ended: Promise<void>
  isAskedToEnd: boolean
}

/** The life of machines on this host, whatever runs them. Calls for one machine run one after another; their order on disk is the truth. */
export class MachineLife implements ComputeDriver {
  readonly #options: MachineLifeOptions
  readonly #files: MachineFiles
  readonly #live = new Map<string, Live>()
  readonly #turns = new Map<string, Promise<unknown>>()
  readonly #listeners = new Set<(status: MachineStatus) => void>()
  readonly #impairments = new Map<string, MachineImpairment>()
  #lookedAt = 0

  constructor(options: MachineLifeOptions) {
    this.#options = options
    this.#files = options.files
    this.#adoptAll()
  }

  launch(spec: MachineSpec): Promise<MachineStatus> {
    return this.#inTurn(spec.id, async () => {
      const known = this.#files.find(spec.id)
      if (known && known.status.phase !== 'starting') return this.#shown(known.status)
      this.#requireWhole(spec)
      return this.#run(spec, 1)
    })
  }

  start(machineId: string, limits?: MachineLimits): Promise<MachineStatus> {
    return this.#inTurn(machineId, async () => {
      const { spec, status } = this.#known(machineId)
      if (this.#live.has(machineId)) return this.#shown(status)
      this.#requireWhole(spec)
      return this.#run({ ...spec, ...(limits && { limits }) }, status.incarnation + 1)
    })
  }

  stop(machineId: string, graceMilliseconds: number): Promise<MachineStatus> {
    return this.#inTurn(machineId, async () => {
      this.#known(machineId)
      await this.#end(machineId, graceMilliseconds)
      return this.#known(machineId).status
    })
  }

  terminate(machineId: string): Promise<void> {
    return this.#inTurn(machineId, async () => {
      const record = this.#files.find(machineId)
      await this.#end(machineId, 0)
      await this.#files.remove(machineId)
      if (!record) return
      const { pid: _, ...rest } = record.status
      this.#tell({
        ...rest,
        phase: 'terminated',
        exitedAt: Date.now(),
        reason: 'terminated on request',
      })
    })
  }

  async inventory(): Promise<MachineInventory> {
    // Asked for many times a second on a busy host, where a look at every machine is what costs.
    if (performance.now() - this.#lookedAt >= healthMilliseconds) this.lookAtHealth()
    const machines = this.#files.list().map((record) => this.#shown(record.status))
    const zoneFaults = this.#options.faults.all
    const hasFaults = Object.keys(zoneFaults).length > 0
    return {
      hostEpoch: this.#options.hostEpoch,
      machines,
      ...(hasFaults && { zoneFaults }),
    }
  }

  async console(machineId: string, bytesMax: number): Promise<Buffer> {
    this.#known(machineId)
    return readEnd(this.#files.path(machineId, 'console.log'), bytesMax)
  }

  async exec(request: ExecRequest, streams: ExecStreams): Promise<ExecResult> {
    const live = this.#live.get(request.machineId)
    const { spec, status } = this.#known(request.machineId)
    if (!live || !isAlive(live.identity)) {
      throw new DriverError(`machine ${request.machineId} is ${status.phase}`, { retryable: false })
    }
    return this.#options.runtime.exec(spec, live.identity.pid, request, streams)
  }

  watch(listener: (status: MachineStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Ends every machine cleanly and keeps the disks. */
  async stopAll(graceMilliseconds: number): Promise<void> {
    const ids = this.#files.list().map((record) => record.spec.id)
    await Promise.all(ids.map((id) => this.stop(id, graceMilliseconds)))
  }

  async terminateAll(): Promise<void> {
    const ids = this.#files.list().map((record) => record.spec.id)
    await Promise.all(ids.map((id) => this.terminate(id)))
  }

  /** Its power is cut: the first process dies at once, as if by itself. Resolves when it has. */
  async kill(machineId: string): Promise<void> {
    const live = this.#live.get(machineId)
    if (!live) return
    signalProcess(live.identity, 'SIGKILL')
    await live.ended
  }

  /** Whether some machine of the zone is about to run. */
  isStartingIn(zone: string): boolean {
    return [...this.#turns.keys()].some((id) => {
      const record = this.#files.find(id)
      return record?.spec.zone === zone && record.status.phase === 'starting'
    })
  }

  /** Looks by period, for what nobody tells: a process stopped by hand, a link taken down. */
  keepLooking(): void {
    setInterval(() => this.lookAtHealth(), healthMilliseconds).unref()
  }

  /** Looks at every running machine, keeps its console short, and tells of those that fell ill or are well again. */
  lookAtHealth(): void {
    this.#lookedAt = performance.now()
    for (const { spec, pid } of this.running()) {
      boundConsole(this.#files.path(spec.id, 'console.log'))
      const now = this.#options.runtime.impairmentOf(spec, pid)
      if (now === this.#impairments.get(spec.id)) continue
      if (now === undefined) this.#impairments.delete(spec.id)
      else this.#impairments.set(spec.id, now)
      const record = this.#files.find(spec.id)
      if (record) this.#tell(record.status)
    }
  }

  /** Running machines with their first process, to look at. */
  running(): readonly { readonly spec: MachineSpec; readonly pid: number }[] {
    return this.#files.list().flatMap(({ spec }) => {
      const live = this.#live.get(spec.id)
      return live ? [{ spec, pid: live.identity.pid }] : []
    })
  }

  async #run(spec: MachineSpec, incarnation: number): Promise<MachineStatus> {
    const starting: MachineStatus = { id: spec.id, phase: 'starting', incarnation }
    this.#save({ spec, status: starting })
    await this.#clearRemains(spec)
    const end = Promise.withResolvers<void>()
    const onEnd = (reason: string | undefined): void => {
      this.#noteEnd(spec.id, incarnation, reason ?? 'ended')
      end.resolve()
    }
    const started = await this.#options.runtime.start(spec, onEnd).catch((thrown: unknown) => {
      if (incarnation > 1) this.#noteEnd(spec.id, incarnation, 'did not start')
      throw thrown
    })
    const { identity, watch, notEnforced } = started
    this.#live.set(spec.id, { identity, watch, ended: end.promise, isAskedToEnd: false })
    const status: MachineStatus = {
      id: spec.id,
      phase: 'running',
      pid: identity.pid,
      incarnation,
      startedAt: Date.now(),
      ...(notEnforced.length > 0 ? { notEnforced } : {}),
    }
    this.#save({ spec, status })
    this.#tell(status)
    return status
  }

  /** A start that failed half-way may have left processes behind. */
  async #clearRemains(spec: MachineSpec): Promise<void> {
    const identity = this.#files.readPid(spec.id)
    if (!identity) return
    await stopProcess(identity, 0)
    await this.#options.runtime.release(spec)
  }

  /** Signals the first process, which is process 1 of its own namespace: with it all the others go. */
  async #end(machineId: string, graceMilliseconds: number): Promise<void> {
    const live = this.#live.get(machineId)
    if (live) {
      live.isAskedToEnd = true
      if (graceMilliseconds > 0) {
        signalProcess(live.identity, 'SIGTERM')
        await withinTime(live.ended, graceMilliseconds)
      }
      signalProcess(live.identity, 'SIGKILL')
      await live.ended
    }
    const record = this.#files.find(machineId)
    if (record) await this.#options.runtime.release(record.spec)
  }

  #noteEnd(machineId: string, incarnation: number, reason: string): void {
    const wasAsked = this.#live.get(machineId)?.isAskedToEnd ?? false
    this.#live.delete(machineId)
    this.#impairments.delete(machineId)
    this.#options.runtime.killRemains?.(machineId)
    const record = this.#files.find(machineId)
    if (!record || record.status.incarnation !== incarnation) return
    const isLost = this.#options.faults.of(record.spec.zone) === 'killed'
    const { pid: _, ...rest } = record.status
    const status: MachineStatus = {
      ...rest,
      phase: 'stopped',
      exitedAt: Date.now(),
      reason: wasAsked ? 'stopped on request' : isLost ? lostWithItsZone : reason,
    }
    this.#save({ spec: record.spec, status })
    this.#tell(status)
  }

  #adoptAll(): void {
    this.#files.removeRemains()
    for (const record of this.#files.list()) {
      const { id } = record.spec
      const { phase } = record.status
      if (phase !== 'running' && phase !== 'starting') continue
      const identity = this.#files.readPid(id)
      const isHeld = phase === 'starting' && this.#files.isHeld(id)
      // Its network was never said to be there, and nobody is left to say it.
      if (identity && isHeld) signalProcess(identity, 'SIGKILL')
      if (identity && isAlive(identity) && !isHeld) this.#adopt(record, identity)
      else this.#noteEnd(id, record.status.incarnation, absentWords(identity))
    }
  }

  #adopt({ spec, status }: MachineRecord, identity: ProcessIdentity): void {
    const end = Promise.withResolvers<void>()
    let reason = 'ended (its exit code went to an earlier host process)'
    const watch = watchExit(this.#files.path(spec.id, 'alive'), false, {
      onLine: (line) => (reason = lastWords(line) ?? reason),
      onEnd: () => {
        this.#noteEnd(spec.id, status.incarnation, reason)
        end.resolve()
      },
    })
    this.#live.set(spec.id, { identity, watch, ended: end.promise, isAskedToEnd: false })
    if (status.phase === 'running') return
    this.#save({
      spec,
      status: { ...status, phase: 'running', pid: identity.pid, startedAt: Date.now() },
    })
  }

  #known(machineId: string): MachineRecord {
    const record = this.#files.find(machineId)
    if (record) return record
    throw new DriverError(`there is no machine ${machineId}`, { retryable: false })
  }

  #save(record: MachineRecord): void {
    this.#files.save(record)
  }

  #tell(status: MachineStatus): void {
    for (const listener of this.#listeners) listener(this.#shown(status))
  }

  #shown(status: MachineStatus): MachineStatus {
    const impairment = this.#impairments.get(status.id)
    return impairment !== undefined && status.phase === 'running'
      ? { ...status, impairment }
      : status
  }

  #requireWhole({ id, zone }: MachineSpec): void {
    const fault = this.#options.faults.of(zone)
    if (fault === undefined) return
    throw new DriverError(`machine ${id} cannot start: zone ${zone} is ${fault}`, {
      retryable: true,
    })
  }

  #inTurn<T>(machineId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(machineId) ?? Promise.resolve()
    const turn = before.then(work, work)
    const settled = turn.then(
      () => undefined,
      () => undefined,
    )
    this.#turns.set(machineId, settled)
    void settled.then(() => {
      if (this.#turns.get(machineId) === settled) this.#turns.delete(machineId)
    })
    return turn
  }
}

function absentWords(identity: ProcessIdentity | undefined): string {
  if (identity && identity.bootId !== currentBootId()) return 'the host machine was restarted'
  return 'ended while the host process was away'
}

async function withinTime(ended: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))
  await Promise.race([ended, late])
  clearTimeout(timer)
}

function readEnd(path: string, bytesMax: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const length = Math.min(size, bytesMax)
    const bytes = Buffer.alloc(length)
    const read = readSync(file, bytes, 0, length, size - length)
    return bytes.subarray(0, read)
  } finally {
    closeSync(file)
  }
}

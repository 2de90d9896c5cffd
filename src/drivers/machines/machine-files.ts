import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MachineSpec, MachineStatus } from '../../protocol/machine.ts'
import { parsePidLine, type ProcessIdentity } from '../processes/index.ts'

/** What the disk says of a machine. */
export interface MachineRecord {
  readonly spec: MachineSpec
  readonly status: MachineStatus
}

/**
 * A machine's folder, `<data directory>/machines/<id>/`: `record.json`, its disk (`upper`, `work`), its console, the FIFO `alive`
 * and `pid`, which the machine itself writes before anything else, so that no crash of ours leaves it unnamed.
 */
export class MachineFiles {
  readonly #folder: string
  /** What the disk says, read once: only the host writes it, and there is one host to a data directory. */
  readonly #known: Map<string, MachineRecord>

  constructor(dataDirectory: string) {
    this.#folder = join(dataDirectory, 'machines')
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    this.#known = new Map(
      readdirSync(this.#folder).flatMap((id) => {
        const record = this.#read(id)
        return record ? [[id, record] as const] : []
      }),
    )
  }

  folderOf(machineId: string): string {
    return join(this.#folder, machineId)
  }

  path(machineId: string, name: string): string {
    return join(this.#folder, machineId, name)
  }

  find(machineId: string): MachineRecord | undefined {
    return this.#known.get(machineId)
  }

  list(): readonly MachineRecord[] {
    return [...this.#known.values()]
  }

  save(record: MachineRecord): void {
    mkdirSync(this.folderOf(record.spec.id), { recursive: true, mode: 0o700 })
    const file = this.path(record.spec.id, 'record.json')
    writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 })
    renameSync(`${file}.new`, file)
    this.#known.set(record.spec.id, record)
  }

  /** The first process as the machine named itself; it may be long gone. */
  readPid(machineId: string): ProcessIdentity | undefined {
    const file = this.path(machineId, 'pid')
    return existsSync(file) ? parsePidLine(readFileSync(file, 'utf8')) : undefined
  }

  /** Whether it was being started, and nothing of its own has run. */
  isHeld(machineId: string): boolean {
    return statSync(this.path(machineId, 'waiting'), { throwIfNoEntry: false })?.size === 0
  }

  /** The record goes first: what is left of the folder after a crash is no machine, and goes at the next start. */
  async remove(machineId: string): Promise<void> {
    this.#known.delete(machineId)
    rmSync(this.path(machineId, 'record.json'), { force: true })
    await rm(this.folderOf(machineId), { recursive: true, force: true })
  }

  removeRemains(): void {
    for (const id of readdirSync(this.#folder)) {
      if (!this.find(id)) rmSync(this.folderOf(id), { recursive: true, force: true })
    }
  }

  #read(machineId: string): MachineRecord | undefined {
    try {
      return JSON.parse(readFileSync(this.path(machineId, 'record.json'), 'utf8')) as MachineRecord
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw thrown
    }
  }
}

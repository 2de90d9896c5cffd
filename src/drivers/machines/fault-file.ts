import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ZoneFault } from '../../protocol/machine.ts'

/** Which zones are broken: `<data directory>/zone-faults.json`, so that a new host process does not mend them by forgetting. */
export class FaultFile {
  readonly #file: string
  #faults: Readonly<Record<string, ZoneFault>>

  constructor(dataDirectory: string) {
    this.#file = join(dataDirectory, 'zone-faults.json')
    this.#faults = read(this.#file)
  }

  get all(): Readonly<Record<string, ZoneFault>> {
    return this.#faults
  }

  of(zone: string): ZoneFault | undefined {
    return this.#faults[zone]
  }

  set(zone: string, fault: ZoneFault | undefined): void {
    const { [zone]: _, ...others } = this.#faults
    const faults = fault === undefined ? others : { ...others, [zone]: fault }
    if (Object.keys(faults).length === 0) rmSync(this.#file, { force: true })
    else {
      writeFileSync(`${this.#file}.new`, JSON.stringify(faults), { mode: 0o600 })
      renameSync(`${this.#file}.new`, this.#file)
    }
    this.#faults = faults
  }
}

function read(file: string): Readonly<Record<string, ZoneFault>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, ZoneFault>
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw thrown
  }
}

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The highest lease epoch that this host has taken a command from; kept on disk, so that a restart does not forget it. */
export class Epochs {
  readonly #file: string
  #highest: number

  constructor(file: string) {
    this.#file = file
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    this.#highest = readNumber(file)
  }

  /** Whether a command of this epoch may be done. 0 is no epoch: commands of the installation's own tools. */
  accept(epoch: number): boolean {
    if (epoch === 0 || epoch === this.#highest) return true
    if (!(epoch > this.#highest)) return false
    this.#highest = epoch
    writeFileSync(`${this.#file}.new`, String(epoch))
    renameSync(`${this.#file}.new`, this.#file)
    return true
  }
}

function readNumber(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || 0
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw thrown
  }
}

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkSpec } from '../../protocol/network.ts'

/** Networks as they were last applied: `<data directory>/networks/<id>.json`. */
export class NetworkFiles {
  readonly #folder: string

  constructor(dataDirectory: string) {
    this.#folder = join(dataDirectory, 'networks')
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
  }

  find(networkId: string): NetworkSpec | undefined {
    try {
      return JSON.parse(readFileSync(this.#file(networkId), 'utf8')) as NetworkSpec
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw thrown
    }
  }

  list(): readonly NetworkSpec[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => this.find(name.slice(0, -'.json'.length)) ?? [])
  }

  save(spec: NetworkSpec): void {
    const file = this.#file(spec.id)
    writeFileSync(`${file}.new`, JSON.stringify(spec), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }

  remove(networkId: string): void {
    rmSync(this.#file(networkId), { force: true })
  }

  #file(networkId: string): string {
    return join(this.#folder, `${networkId}.json`)
  }
}

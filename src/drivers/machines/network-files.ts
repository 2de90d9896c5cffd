import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkSpec } from '../../protocol/network.ts'

/** Networks as they were last applied: `<data directory>/networks/<id>.json`. */
export class NetworkFiles {
  readonly #folder: string
  /** What the disk says, read once: only the host writes it. A VPC of hundreds of machines is looked at for each of them. */
  readonly #known: Map<string, NetworkSpec>

  constructor(dataDirectory: string) {
    this.#folder = join(dataDirectory, 'networks')
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const specs = readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(this.#folder, name), 'utf8')) as NetworkSpec)
    this.#known = new Map(specs.map((spec) => [spec.id, spec]))
  }

  find(networkId: string): NetworkSpec | undefined {
    return this.#known.get(networkId)
  }

  list(): readonly NetworkSpec[] {
    return [...this.#known.values()]
  }

  save(spec: NetworkSpec): void {
    const file = this.#file(spec.id)
    writeFileSync(`${file}.new`, JSON.stringify(spec), { mode: 0o600 })
    renameSync(`${file}.new`, file)
    this.#known.set(spec.id, spec)
  }

  remove(networkId: string): void {
    this.#known.delete(networkId)
    rmSync(this.#file(networkId), { force: true })
  }

  #file(networkId: string): string {
    return join(this.#folder, `${networkId}.json`)
  }
}

import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { keepSecret, readKept } from '../drivers/inner-door/index.ts'
import type { InstanceMetadata, MetadataNews, PlacedMetadata } from '../protocol/edge.ts'

/** Instance metadata of one VPC's machines. */
export interface NetworkMetadata {
  readonly networkId: string
  readonly instances: readonly InstanceMetadata[]
}

const numberFile = 'generation'

/**
 * The instance metadata that this edge has heard of, a file for each instance, so that it outlives server and edge. The number is written
 * last: after a crash the same news come again.
 */
export class KeptMetadata {
  readonly #folder: string
  readonly #known = new Map<string, PlacedMetadata>()

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
      const placed = readKept<PlacedMetadata>(join(folder, name))
      if (placed) this.#known.set(placed.instance.instanceId, placed)
    }
  }

  /** Of the last news; -1 before the first. */
  get generation(): number {
    return readKept<number>(join(this.#folder, numberFile)) ?? -1
  }

  take({ generation, isWhole, changed, gone }: MetadataNews): void {
    const named = new Set(changed.map(({ instance }) => instance.instanceId))
    const leaving = isWhole ? [...this.#known.keys()].filter((id) => !named.has(id)) : gone
    for (const id of leaving) {
      this.#known.delete(id)
      rmSync(this.#file(id), { force: true })
    }
    for (const placed of changed) {
      this.#known.set(placed.instance.instanceId, placed)
      keepSecret(this.#file(placed.instance.instanceId), placed)
    }
    keepSecret(join(this.#folder, numberFile), generation)
  }

  networks(): readonly NetworkMetadata[] {
    const byNetwork = Map.groupBy(this.#known.values(), ({ networkId }) => networkId)
    return [...byNetwork].map(([networkId, members]) => ({
      networkId,
      instances: members.map(({ instance }) => instance),
    }))
  }

  #file(instanceId: string): string {
    return join(this.#folder, `${instanceId}.json`)
  }
}

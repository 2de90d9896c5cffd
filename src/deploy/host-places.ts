import { instances } from '../compute/instance.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Store } from '../store/records.ts'

/** A host that asks for work. Agents of our own protocol name instances without their scope. */
export interface PollingHost {
  readonly instanceId: string
  readonly scope?: Scope
}

export type PlacedHost = Required<PollingHost>

/** Remembered places of instances; above it the memory starts anew. */
const scopesMax = 100_000
/** Instances whose place is unknown are looked for this often at most. */
const scopesMilliseconds = 500

/** In which account and region instances are that do not say so themselves. */
export class HostPlaces {
  readonly #world: { readonly store: Store; readonly clock: Clock }
  readonly #scopes = new Map<string, Scope>()
  #lookedAt = Number.NEGATIVE_INFINITY

  constructor(world: { readonly store: Store; readonly clock: Clock }) {
    this.#world = world
  }

  /** The hosts that are known to be somewhere. */
  async placed(hosts: readonly PollingHost[]): Promise<readonly PlacedHost[]> {
    const placed: PlacedHost[] = []
    for (const { instanceId, scope: named } of hosts) {
      const scope = named ?? (await this.#scopeOf(instanceId))
      if (scope) placed.push({ scope, instanceId })
    }
    return placed
  }

  async #scopeOf(instanceId: string): Promise<Scope | undefined> {
    const known = this.#scopes.get(instanceId)
    if (known) return known
    const now = this.#world.clock.now()
    // What nobody knows of is not looked for at every poll.
    if (now - this.#lookedAt < scopesMilliseconds) return undefined
    this.#lookedAt = now
    if (this.#scopes.size > scopesMax) this.#scopes.clear()
    for (const record of await this.#world.store.listAll(instances)) {
      this.#scopes.set(record.id, record.scope)
    }
    return this.#scopes.get(instanceId)
  }
}

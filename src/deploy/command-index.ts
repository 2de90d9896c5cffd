import { StaleRevision, type Store, type StoredRecord } from '../store/records.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import { mirrorKey } from '../store/mirror.ts'
import { hostCommands, type HostCommand } from './host-command.ts'

type Command = StoredRecord<HostCommand>

interface Known {
  readonly scope: Scope
  readonly id: string
  /** Undefined: it changed since it was read. */
  record: Command | undefined
  /** When that was heard. */
  readonly at: number
}

/** The whole list is read this often while anybody polls, as a change of another server may get lost. */
const listMilliseconds = 15_000
/** A long list is read again later, so that reading takes a fortieth of the time at most. */
const listShare = 40

/**
 * Which hosts have commands, in memory: tens of thousands of polls are held and asked again without a statement. What it says may be
 * stale, so every change of a command names the revision that it read.
 */
export class CommandIndex {
  readonly #world: { readonly store: Store; readonly clock: Clock }
  #byHost = new Map<string, Map<string, Known>>()
  readonly #waiting = new Set<Waiter>()
  readonly #waitingFor = new Map<string, Set<Waiter>>()
  #listing: Promise<void> | undefined
  #listedAt = Number.NEGATIVE_INFINITY
  #tookMilliseconds = 0

  constructor(world: { readonly store: Store; readonly clock: Clock }) {
    this.#world = world
    world.store.watch(hostCommands, (changes) => {
      for (const { scope, id, owner } of changes) {
        if (owner === undefined) continue
        this.#put(owner, { scope, id, record: undefined, at: world.clock.now() })
        for (const waiter of this.#waitingFor.get(owner) ?? []) waiter.hear(owner)
        for (const waiter of this.#waiting) if (waiter.hosts.has(owner)) waiter.hear(owner)
      }
    })
  }

  /** Hears of changes to commands of these hosts until it is stopped. */
  wait(hosts: ReadonlyMap<string, unknown>): ChangedHosts {
    const waiter = new Waiter(hosts)
    const [only] = hosts.keys()
    if (hosts.size !== 1 || only === undefined) {
      this.#waiting.add(waiter)
      return { waiter, stop: () => void this.#waiting.delete(waiter) }
    }
    const ofHost = this.#waitingFor.get(only) ?? new Set()
    this.#waitingFor.set(only, ofHost)
    ofHost.add(waiter)
    const stop = (): void => {
      ofHost.delete(waiter)
      if (ofHost.size === 0 && this.#waitingFor.get(only) === ofHost) this.#waitingFor.delete(only)
    }
    return { waiter, stop }
  }

  /** Commands of these hosts, oldest deployment first; read where they changed. */
  async commandsOf(hosts: Iterable<string>): Promise<readonly Command[]> {
    await this.#list()
    const known = [...hosts].flatMap((host) => [...(this.#byHost.get(host)?.values() ?? [])])
    const read = await Promise.all(known.map(async (entry) => entry.record ?? this.#read(entry)))
    return read.filter((record) => record !== undefined)
  }

  /**
   * Changes a command as `modify` does, from what is known of it first. Undefined when there is none; the command as it is when `change` gives
   * undefined.
   */
  async modify(
    at: { readonly scope: Scope; readonly id: string },
    change: (command: HostCommand) => HostCommand | undefined,
  ): Promise<Command | undefined> {
    const host = at.id.split('/')[1] ?? ''
    let record = this.#byHost.get(host)?.get(mirrorKey(at))?.record
    for (let attempt = 1; ; attempt++) {
      record ??= await this.#world.store.find(hostCommands, at.scope, at.id)
      if (!record) return undefined
      const value = change(record.value)
      // What changes nothing is decided by what the store says, not by what was.
      if (value === undefined && attempt > 1) return record
      try {
        if (value !== undefined) {
          const written = await this.#world.store.update(record, value)
          this.#put(host, { ...at, record: written, at: this.#world.clock.now() })
          return written
        }
      } catch (thrown) {
        if (!(thrown instanceof StaleRevision) || attempt >= attemptsMax) throw thrown
      }
      record = undefined
    }
  }

  async #read(entry: Known): Promise<Command | undefined> {
    const { scope, id } = entry
    const record = await this.#world.store.find(hostCommands, scope, id)
    const host = record?.owner ?? id.split('/')[1] ?? ''
    const ofHost = this.#byHost.get(host)
    // Another change came meanwhile: the next look reads again.
    if (ofHost?.get(mirrorKey(entry)) !== entry) return record
    if (record) entry.record = record
    else this.#forget(host, mirrorKey(entry))
    return record
  }

  #put(host: string, entry: Known): void {
    const ofHost = this.#byHost.get(host) ?? new Map<string, Known>()
    this.#byHost.set(host, ofHost)
    ofHost.set(mirrorKey(entry), entry)
  }

  #forget(host: string, key: string): void {
    const ofHost = this.#byHost.get(host)
    ofHost?.delete(key)
    if (ofHost?.size === 0) this.#byHost.delete(host)
  }

  #list(): Promise<void> | undefined {
    const { store, clock } = this.#world
    const pause = Math.max(listMilliseconds, this.#tookMilliseconds * listShare)
    if (clock.now() - this.#listedAt < pause) return this.#listing
    this.#listedAt = clock.now()
    const isFirst = this.#listing === undefined
    const began = clock.now()
    const listing = store.listAll(hostCommands).then(
      (records) => {
        this.#tookMilliseconds = clock.now() - began
        this.#take(records, began)
      },
      (thrown: unknown) => {
        this.#listedAt = Number.NEGATIVE_INFINITY
        throw thrown
      },
    )
    if (!isFirst) {
      // Later lists only mend: nobody waits for them.
      void listing.catch(() => undefined)
      return undefined
    }
    this.#listing = listing
    return listing.finally(() => {
      if (this.#listedAt === Number.NEGATIVE_INFINITY) this.#listing = undefined
    })
  }

  /** What is missing here is read when somebody asks; what was heard since the list began stays. */
  #take(records: readonly Command[], began: number): void {
    const listed = new Set<string>()
    for (const record of records) {
      const key = mirrorKey(record)
      listed.add(key)
      const host = record.owner ?? ''
      const known = this.#byHost.get(host)?.get(key)
      const isNews = !known || (known.record && known.record.revision < record.revision)
      if (isNews) {
        this.#put(host, { scope: record.scope, id: record.id, record: undefined, at: began })
      }
    }
    for (const [host, ofHost] of this.#byHost) {
      for (const [key, entry] of ofHost) {
        if (!listed.has(key) && entry.at < began) this.#forget(host, key)
      }
    }
    for (const waiter of this.#waiting) this.#tellUnread(waiter)
    for (const waiters of this.#waitingFor.values()) {
      for (const waiter of waiters) this.#tellUnread(waiter)
    }
  }

  #tellUnread(waiter: Waiter): void {
    for (const host of waiter.hosts.keys()) {
      for (const entry of this.#byHost.get(host)?.values() ?? []) {
        if (!entry.record) waiter.hear(host)
      }
    }
  }
}

export interface ChangedHosts {
  readonly waiter: Waiter
  stop(): void
}

/** Gathers the hosts whose commands changed, so that a poll for many looks at those alone. */
class Waiter {
  readonly hosts: ReadonlyMap<string, unknown>
  #changed = new Set<string>()
  #next = Promise.withResolvers<void>()

  constructor(hosts: ReadonlyMap<string, unknown>) {
    this.hosts = hosts
  }

  hear(host: string): void {
    this.#changed.add(host)
    this.#next.resolve()
  }

  /** Resolves when there is something to take. */
  get change(): Promise<void> {
    return this.#next.promise
  }

  take(): ReadonlySet<string> {
    const taken = this.#changed
    this.#changed = new Set()
    this.#next = Promise.withResolvers<void>()
    return taken
  }
}

/** More than this many lost races in a row means a writer that never rests: a bug, not contention. */
const attemptsMax = 50

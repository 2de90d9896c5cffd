import type { AbortSignalLike } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { FilterPattern } from './domain/pattern/filter-pattern.ts'
import { LogText } from './domain/pattern/log-text.ts'
import type { EventStore, StoredEvent } from './event-store.ts'
import type { LogGroup } from './log-group.ts'
import { LogRefusal } from './refusal.ts'
import type { StreamNames } from './stream-names.ts'

/** What a session listens to. */
export interface TailWish {
  readonly groups: readonly LogGroup[]
  /** Of all streams when absent. */
  readonly takesStream?: ((name: string) => boolean) | undefined
  readonly pattern: FilterPattern
}

interface TailedEvent {
  readonly groupName: string
  readonly streamName: string
  readonly event: StoredEvent
}

export interface TailUpdate {
  readonly events: readonly TailedEvent[]
  /** There were more than are told. */
  readonly isSampled: boolean
}

/** AWS tells once a second, and at most so many events. */
const periodMilliseconds = 1000
const toldMax = 500
/** Looked at in one second; the rest of a flood is passed over. */
const readMax = 5000
const readBytesMax = 8 * 1024 * 1024
/** Events that another server writes at the same time may come to light behind newer ones, by less than this. */
const overlap = 1000
const sessionMilliseconds = 3 * 3_600_000
const sessionsMax = 15

/** Sessions that are told of events as they come. */
export class LiveTail {
  readonly #context: EngineContext
  readonly #events: EventStore
  readonly #names: StreamNames
  readonly #sessions = new Map<string, number>()

  constructor(context: EngineContext, events: EventStore, names: StreamNames) {
    this.#context = context
    this.#events = events
    this.#names = names
  }

  /** Updates of what comes from now on, until the signal is aborted; after AWS's three hours it just ends. Throws `LogRefusal`. */
  async open(
    scope: Scope,
    wish: TailWish,
    signal: AbortSignalLike,
  ): Promise<AsyncIterable<TailUpdate>> {
    const owner = `${scope.account}/${scope.region}`
    const count = this.#sessions.get(owner) ?? 0
    if (count >= sessionsMax) {
      throw new LogRefusal('LimitExceededException', 'There are too many Live Tail sessions.')
    }
    this.#sessions.set(owner, count + 1)
    let hasEnded = false
    const end = (): void => {
      if (!hasEnded) this.#end(owner)
      hasEnded = true
    }
    signal.addEventListener('abort', end, { once: true })
    const from = await this.#events.lastSequence()
    return this.#updates(scope, wish, { from, signal, end })
  }

  async *#updates(
    scope: Scope,
    wish: TailWish,
    session: {
      readonly from: number
      readonly signal: AbortSignalLike
      readonly end: () => void
    },
  ): AsyncGenerator<TailUpdate> {
    try {
      yield* this.#listen(scope, wish, session)
    } finally {
      session.end()
    }
  }

  async *#listen(
    scope: Scope,
    { groups, takesStream, pattern }: TailWish,
    { from, signal }: { readonly from: number; readonly signal: AbortSignalLike },
  ): AsyncGenerator<TailUpdate> {
    const { clock } = this.#context
    const endsAt = clock.now() + sessionMilliseconds
    const byId = new Map(groups.map((group) => [group.id, group]))
    const seen = new Set<number>()
    let last = from
    while (!signal.aborted && clock.now() < endsAt) {
      await clock.sleep(periodMilliseconds, signal)
      if (signal.aborted) return
      const after = Math.max(from, last - overlap)
      const page = await this.#events.arrived({
        ...{ groups: [...byId.keys()], after },
        ...{ eventsMax: readMax + overlap, bytesMax: readBytesMax },
      })
      const arrived = page.events.filter(({ sequence }) => !seen.has(sequence))
      const told: TailedEvent[] = []
      for (const event of arrived) {
        seen.add(event.sequence)
        last = Math.max(last, event.sequence)
        const group = byId.get(event.group)
        if (!group || !pattern.matches(new LogText(event.message))) continue
        const names = await this.#names.of(scope, group.id, [event.stream])
        const streamName = names.get(event.stream)
        if (streamName === undefined || takesStream?.(streamName) === false) continue
        told.push({ groupName: group.name, streamName, event })
      }
      if (page.isCut) last = Math.max(last, await this.#events.lastSequence())
      for (const sequence of seen) if (sequence <= last - overlap) seen.delete(sequence)
      yield { events: told.slice(0, toldMax), isSampled: page.isCut || told.length > toldMax }
    }
  }

  #end(owner: string): void {
    const count = (this.#sessions.get(owner) ?? 1) - 1
    if (count > 0) this.#sessions.set(owner, count)
    else this.#sessions.delete(owner)
  }
}

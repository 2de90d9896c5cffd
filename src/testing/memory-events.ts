import {
  eventOverheadBytes,
  isAfter,
  type ArrivedEvent,
  type EventBatch,
  type EventPage,
  type EventQuery,
  type EventStore,
  type StoredEvent,
  type StreamSummary,
} from '../logs/event-store.ts'

interface HeldStream {
  readonly group: string
  readonly lastAt: number
  readonly ingestedAt: number
}

/** The event store in memory, for tests. */
export function memoryEvents(): EventStore {
  return new MemoryEvents()
}

class MemoryEvents implements EventStore {
  #events: ArrivedEvent[] = []
  #made = 0
  readonly #streams = new Map<string, HeldStream>()

  async append(batches: readonly EventBatch[]): Promise<void> {
    for (const { group, stream, ingestedAt, events } of batches) {
      for (const { at, message } of events) {
        this.#made += 1
        const sequence = this.#made
        this.#events.push({ group, stream, at, ingestedAt, message, sequence })
        const lastAt = Math.max(at, this.#streams.get(stream)?.lastAt ?? at)
        this.#streams.set(stream, { group, lastAt, ingestedAt })
      }
    }
  }

  async read(query: EventQuery): Promise<EventPage> {
    const { group, streams, from, until, beyond, isBackward } = query
    const found = this.#events
      .filter((event) => event.group === group && event.at >= from && event.at < until)
      .filter(({ stream }) => streams === undefined || streams.includes(stream))
      .filter((event) => {
        if (beyond === undefined) return true
        return isBackward ? isAfter(beyond, event) : isAfter(event, beyond)
      })
      .toSorted(inOrder)
    const { events, isCut } = pageOf(isBackward ? found.toReversed() : found, query)
    return { events: events.map(({ group: _group, ...event }): StoredEvent => event), isCut }
  }

  async summaries(wanted: readonly string[]): Promise<ReadonlyMap<string, StreamSummary>> {
    const summaries = new Map<string, StreamSummary>()
    for (const stream of wanted) {
      const held = this.#streams.get(stream)
      if (!held) continue
      const times = this.#events.filter((event) => event.stream === stream).map(({ at }) => at)
      const first = times.length === 0 ? {} : { firstAt: Math.min(...times) }
      summaries.set(stream, { ...first, lastAt: held.lastAt, ingestedAt: held.ingestedAt })
    }
    return summaries
  }

  async newest(group: string): Promise<ReadonlyMap<string, number>> {
    const own = [...this.#streams].filter(([, held]) => held.group === group)
    return new Map(own.map(([stream, { lastAt }]) => [stream, lastAt]))
  }

  async bytes(groups: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const sums = new Map<string, number>()
    for (const { group, message } of this.#events) {
      if (!groups.includes(group)) continue
      const size = Buffer.byteLength(message) + eventOverheadBytes
      sums.set(group, (sums.get(group) ?? 0) + size)
    }
    return sums
  }

  async arrived(query: Parameters<EventStore['arrived']>[0]): Promise<EventPage<ArrivedEvent>> {
    const { groups, after } = query
    const found = this.#events.filter(
      ({ group, sequence }) => groups.includes(group) && sequence > after,
    )
    return pageOf(found, query)
  }

  async lastSequence(): Promise<number> {
    return this.#made
  }

  async expire({ group, before, eventsMax }: Parameters<EventStore['expire']>[0]): Promise<number> {
    return this.#remove((event) => event.group === group && event.at < before, eventsMax)
  }

  async purge(of: { group: string } | { stream: string }, eventsMax: number): Promise<number> {
    const isOf = (event: { group: string; stream: string }): boolean =>
      'group' in of ? event.group === of.group : event.stream === of.stream
    const count = this.#remove(isOf, eventsMax)
    for (const [stream, { group }] of this.#streams) {
      if (count === 0 && isOf({ group, stream })) this.#streams.delete(stream)
    }
    return count
  }

  async clear(): Promise<void> {
    this.#events = []
    this.#streams.clear()
  }

  async close(): Promise<void> {}

  #remove(isGone: (event: ArrivedEvent) => boolean, eventsMax: number): number {
    const gone = new Set(this.#events.filter(isGone).toSorted(inOrder).slice(0, eventsMax))
    this.#events = this.#events.filter((event) => !gone.has(event))
    return gone.size
  }
}

function pageOf(
  found: readonly ArrivedEvent[],
  { eventsMax, bytesMax }: { readonly eventsMax: number; readonly bytesMax: number },
): EventPage<ArrivedEvent> {
  let bytes = 0
  const events: ArrivedEvent[] = []
  for (const event of found) {
    if (events.length >= eventsMax || bytes >= bytesMax) return { events, isCut: true }
    bytes += Buffer.byteLength(event.message)
    events.push(event)
  }
  return { events, isCut: events.length >= eventsMax || bytes >= bytesMax }
}

function inOrder(a: ArrivedEvent, b: ArrivedEvent): number {
  return isAfter(a, b) ? 1 : -1
}

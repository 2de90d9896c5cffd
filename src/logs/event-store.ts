/** Events of one stream that are written together. Group and stream are the ids of their records. */
export interface EventBatch {
  readonly group: string
  readonly stream: string
  readonly ingestedAt: number
  readonly events: readonly NewEvent[]
}

export interface NewEvent {
  /** Milliseconds, as its sender says. */
  readonly at: number
  readonly message: string
}

/** A place among the events of a group or stream: they are ordered by time, and where that is equal as they came. */
export interface EventPlace {
  readonly at: number
  readonly sequence: number
}

export interface StoredEvent extends EventPlace {
  readonly stream: string
  readonly ingestedAt: number
  readonly message: string
}

export interface EventQuery {
  readonly group: string
  /** Only of these streams. */
  readonly streams?: readonly string[]
  /** From here, and before `until`. */
  readonly from: number
  readonly until: number
  /** Forward: only what comes after it. Backward: only what comes before it. */
  readonly beyond?: EventPlace
  readonly isBackward: boolean
  readonly eventsMax: number
  readonly bytesMax: number
}

/** Some of what was asked for, from its beginning: as many as were wanted, or until their messages take the bytes that were allowed. */
export interface EventPage<Event = StoredEvent> {
  readonly events: readonly Event[]
  /** Whether more may follow. */
  readonly isCut: boolean
}

export type ArrivedEvent = StoredEvent & { readonly group: string }

export interface StreamSummary {
  /** Absent when it has no events any more. */
  readonly firstAt?: number
  readonly lastAt: number
  readonly ingestedAt: number
}

/** AWS counts so many bytes for each event besides its message. */
export const eventOverheadBytes = 26

/**
 * Where events are kept. Fulfilled by `drivers/postgres` and, in memory, by `testing`; held to by `testing/conformance/event-store.ts`.
 */
export interface EventStore {
  /** All or none, and durable when it resolves. Throws `DriverError` when the store does not answer. */
  append(batches: readonly EventBatch[]): Promise<void>
  /** In the direction of the query. */
  read(query: EventQuery): Promise<EventPage>
  /** Of those streams that ever got an event. */
  summaries(streams: readonly string[]): Promise<ReadonlyMap<string, StreamSummary>>
  /** When each stream of a group got its newest event by time. */
  newest(group: string): Promise<ReadonlyMap<string, number>>
  /** Messages and what is counted besides them, by group; nothing for groups without. */
  bytes(groups: readonly string[]): Promise<ReadonlyMap<string, number>>
  /**
   * What these groups got after the place in the order of coming, oldest first. What another server is writing right now may come
   * later, and before what was given.
   */
  arrived(query: {
    readonly groups: readonly string[]
    readonly after: number
    readonly eventsMax: number
    readonly bytesMax: number
  }): Promise<EventPage<ArrivedEvent>>
  /** The place of the newest event of all. */
  lastSequence(): Promise<number>
  /** Removes events that are older than `before`, some at a time; how many they were. */
  expire(query: {
    readonly group: string
    readonly before: number
    readonly eventsMax: number
  }): Promise<number>
  /** Removes a group's or a stream's events, some at a time, and then all that is known of it; how many they were. */
  purge(
    of: { readonly group: string } | { readonly stream: string },
    eventsMax: number,
  ): Promise<number>
  /** Removes everything. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** Whether an event comes after another one. */
export function isAfter(one: EventPlace, other: EventPlace): boolean {
  return one.at > other.at || (one.at === other.at && one.sequence > other.sequence)
}

import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { FilterPattern } from './domain/pattern/filter-pattern.ts'
import { LogText } from './domain/pattern/log-text.ts'
import { openPlace, openStreamToken, placeDigits, streamToken } from './domain/event-token.ts'
import { utf8Length } from './domain/utf8-length.ts'
import {
  eventOverheadBytes,
  type EventPlace,
  type EventStore,
  type StoredEvent,
} from './event-store.ts'
import type { GroupCatalogue } from './group-catalogue.ts'
import { keptFrom, type LogGroup } from './log-group.ts'
import { invalid } from './refusal.ts'
import type { StreamNames } from './stream-names.ts'

/** Of one answer, as AWS has them. */
export const eventsMax = 10_000
const answerBytesMax = 1_048_576
/** Events that one FilterLogEvents looks at: an answer that found nothing until then is empty, and says where to go on. */
const scannedMax = 50_000
const chunkMax = 2_000
/** More than these are read with all of their group, and the others passed over. */
const streamsMax = 100
/** Of messages in memory at a time, for one caller. */
const chunkBytesMax = 4 * 1024 * 1024

export interface StreamReading {
  readonly group: LogGroup
  readonly streamName: string
  readonly from?: number | undefined
  /** Exclusive. */
  readonly until?: number | undefined
  readonly token?: string | undefined
  readonly fromHead: boolean
  readonly eventsMax: number
}

export interface StreamPage {
  /** By time. */
  readonly events: readonly StoredEvent[]
  readonly forward: string
  readonly backward: string
}

export interface GroupReading {
  readonly scope: Scope
  readonly group: LogGroup
  /** Ids of the streams; absent: of all. */
  readonly streams: readonly string[] | undefined
  readonly from?: number | undefined
  /** Exclusive. */
  readonly until?: number | undefined
  readonly pattern: FilterPattern
  readonly token?: string | undefined
  readonly isBackward: boolean
  readonly eventsMax: number
}

export type NamedEvent = StoredEvent & { readonly streamName: string }

const never = Number.MAX_SAFE_INTEGER

/** Reads events. Refusals are thrown as `LogRefusal`. */
export class EventReader {
  readonly #context: EngineContext
  readonly #events: EventStore
  readonly #groups: GroupCatalogue
  readonly #names: StreamNames

  constructor(
    context: EngineContext,
    events: EventStore,
    parts: { readonly groups: GroupCatalogue; readonly names: StreamNames },
  ) {
    this.#context = context
    this.#events = events
    this.#groups = parts.groups
    this.#names = parts.names
  }

  /** A page of one stream. At an end of it the token that was given comes back. */
  async stream(scope: Scope, reading: StreamReading): Promise<StreamPage> {
    const { group, streamName, token } = reading
    const stream = await this.#groups.requireStream(scope, group, streamName)
    const opened = token === undefined ? undefined : openStreamToken(token)
    if (token !== undefined && !opened) throw invalid('The specified nextToken is invalid.')
    const isBackward = opened ? opened.direction === 'b' : !reading.fromHead
    const from = this.#from(group, reading.from)
    const found = await this.#events.read({
      group: group.id,
      streams: [stream.id],
      from,
      until: reading.until ?? never,
      ...(opened ? { beyond: opened.place } : {}),
      isBackward,
      eventsMax: reading.eventsMax,
      bytesMax: answerBytesMax,
    })
    const fitting = fitted(found.events)
    const events = isBackward ? fitting.toReversed() : fitting
    const [first, last] = [events[0], events.at(-1)]
    const rest = opened?.place ?? { at: from, sequence: 0 }
    return {
      events,
      forward: streamToken('f', last ?? (isBackward ? justBefore(rest) : rest)),
      backward: streamToken('b', first ?? (isBackward ? rest : justAfter(rest))),
    }
  }

  /** A page of what matches in a group, its streams interleaved. */
  async group(reading: GroupReading): Promise<{
    readonly events: readonly NamedEvent[]
    readonly token: string | undefined
  }> {
    const { scope, group, streams, token } = reading
    const opened = token === undefined ? undefined : openGroupToken(token)
    if (token !== undefined && !opened) throw invalid('The specified nextToken is invalid.')
    if (streams?.length === 0) return { events: [], token: undefined }
    const isBackward = opened?.isBackward ?? reading.isBackward
    const found = await this.#matching({ ...reading, isBackward }, opened?.place)
    const ids = found.events.map(({ stream }) => stream)
    const names = await this.#names.of(scope, group.id, ids)
    const events = found.events.flatMap((event) => {
      const streamName = names.get(event.stream)
      return streamName === undefined ? [] : [{ ...event, streamName }]
    })
    return { events, token: found.rest && groupToken(isBackward, found.rest) }
  }

  /** `rest`: the place beyond which there may be more. */
  async #matching(
    reading: GroupReading,
    start: EventPlace | undefined,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly rest: EventPlace | undefined }> {
    const { group, streams, pattern, isBackward } = reading
    const few = streams && streams.length <= streamsMax ? { streams } : {}
    const wantedStreams = streams && new Set(streams)
    const query = {
      group: group.id,
      ...few,
      from: this.#from(group, reading.from),
      until: reading.until ?? never,
      isBackward,
      bytesMax: chunkBytesMax,
    }
    const events: StoredEvent[] = []
    let bytes = 0
    let beyond = start
    let wanted = Math.min(chunkMax, reading.eventsMax + 1)
    for (let scanned = 0; scanned < scannedMax; wanted = Math.min(chunkMax, 2 * wanted)) {
      const place = beyond ? { beyond } : {}
      const chunk = await this.#events.read({ ...query, ...place, eventsMax: wanted })
      for (const event of chunk.events) {
        const isWanted = wantedStreams?.has(event.stream) ?? true
        if (isWanted && pattern.matches(new LogText(event.message))) {
          bytes += sizeOf(event)
          const isFull = events.length >= reading.eventsMax || bytes > answerBytesMax
          if (isFull && events.length > 0) return { events, rest: beyond }
          events.push(event)
        }
        beyond = event
      }
      scanned += chunk.events.length
      if (!chunk.isCut) return { events, rest: undefined }
    }
    return { events, rest: beyond }
  }

  /** The ids of the streams that a group is to be filtered by; undefined: of all. */
  async streamsOf(
    scope: Scope,
    group: LogGroup,
    wanted: {
      readonly names?: readonly string[] | undefined
      readonly prefix?: string | undefined
    },
  ): Promise<readonly string[] | undefined> {
    const { names = [], prefix } = wanted
    if (names.length > 0) {
      const found = [...new Set(names)].map((name) =>
        this.#groups.requireStream(scope, group, name),
      )
      return (await Promise.all(found)).map(({ id }) => id)
    }
    if (prefix === undefined) return undefined
    return (await this.#groups.listStreams(scope, group, { prefix })).map(({ id }) => id)
  }

  #from(group: LogGroup, from: number | undefined): number {
    return Math.max(from ?? 0, keptFrom(group, this.#context.clock.now()))
  }
}

function sizeOf({ message }: StoredEvent): number {
  return utf8Length(message) + eventOverheadBytes
}

/** As many as one answer holds, and one at least. */
function fitted(events: readonly StoredEvent[]): readonly StoredEvent[] {
  let bytes = 0
  const end = events.findIndex((event) => (bytes += sizeOf(event)) > answerBytesMax)
  return end < 0 ? events : events.slice(0, Math.max(end, 1))
}

function justAfter({ at, sequence }: EventPlace): EventPlace {
  return { at, sequence: sequence + 1 }
}

function justBefore({ at, sequence }: EventPlace): EventPlace {
  return { at, sequence: Math.max(0, sequence - 1) }
}

function groupToken(isBackward: boolean, place: EventPlace): string {
  return `${isBackward ? 'Bwd' : 'Fwd'}${placeDigits(place)}`
}

function openGroupToken(
  token: string,
): { readonly isBackward: boolean; readonly place: EventPlace } | undefined {
  const [, direction, digits = ''] = /^(Fwd|Bwd)(\d+)$/.exec(token) ?? []
  const place = openPlace(digits)
  return place && { isBackward: direction === 'Bwd', place }
}

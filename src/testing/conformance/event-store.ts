import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { EventQuery, EventStore, NewEvent } from '../../logs/event-store.ts'

const start = Date.UTC(2026, 10, 22, 10)
const bounds = { eventsMax: 100, bytesMax: 1_000_000 }

interface Place {
  readonly store: EventStore
  readonly group: string
  readonly streams: readonly [string, string]
  put(
    stream: string,
    events: readonly (readonly [second: number, message: string])[],
  ): Promise<void>
  messages(query?: Partial<EventQuery>): Promise<readonly string[]>
}

/** The event store's contract. `open` gives the same store each time, or a fresh one. */
export function eventStoreConformance(name: string, open: () => Promise<EventStore>): void {
  async function place(): Promise<Place> {
    const store = await open()
    await store.clear()
    const group = randomUUID()
    const query = { group, from: 0, until: start * 2, isBackward: false, ...bounds }
    return {
      store,
      group,
      streams: [randomUUID(), randomUUID()],
      put: (stream, events) =>
        store.append([
          {
            ...{ group, stream, ingestedAt: start },
            events: events.map(([second, message]): NewEvent => ({ at: start + second, message })),
          },
        ]),
      messages: async (more = {}) =>
        (await store.read({ ...query, ...more })).events.map(({ message }) => message),
    }
  }
  readTests(name, place)
  boundTests(name, place)
  summaryTests(name, place)
  removalTests(name, place)
}

function readTests(name: string, place: () => Promise<Place>): void {
  test(`${name}: events come back as they were, by time and then as they came`, async () => {
    const { store, group, streams, put, messages } = await place()
    const [a, b] = streams
    const odd = 'NUL \0 and \uf8ff and \uf8ff0 "\\\n ünï 🌞'
    await put(a, [
      [1, 'a1'],
      [5, odd],
    ])
    await store.append([
      { group, stream: b, ingestedAt: start + 9, events: [{ at: start + 5, message: 'b5' }] },
      { group, stream: a, ingestedAt: start + 9, events: [{ at: start, message: 'a0' }] },
    ])
    assert.deepEqual(await messages(), ['a0', 'a1', odd, 'b5'])
    assert.deepEqual(await messages({ isBackward: true, eventsMax: 2 }), ['b5', odd])
    assert.deepEqual(await messages({ streams: [a] }), ['a0', 'a1', odd])
    assert.deepEqual(await messages({ streams: [b, a], eventsMax: 3 }), ['a0', 'a1', odd])
    assert.deepEqual(await messages({ streams: [a, b], isBackward: true, eventsMax: 1 }), ['b5'])
    assert.deepEqual(await messages({ from: start + 1, until: start + 5 }), ['a1'])
    assert.deepEqual(await messages({ group: randomUUID() }), [])
    const { events } = await store.read({
      ...{ group, from: 0, until: start * 2, isBackward: false, ...bounds },
    })
    const [first] = events
    assert.deepEqual([first?.at, first?.ingestedAt, first?.stream], [start, start + 9, a])
  })

  test(`${name}: reading goes on beyond a place, in both directions`, async () => {
    const { store, group, streams, put, messages } = await place()
    await put(streams[0], [
      [1, 'one'],
      [1, 'two'],
      [1, 'three'],
      [2, 'four'],
    ])
    const all = await store.read({
      ...{ group, from: 0, until: start * 2, isBackward: false, ...bounds },
    })
    const two = all.events[1]
    assert.ok(two)
    assert.deepEqual(await messages({ beyond: two }), ['three', 'four'])
    assert.deepEqual(await messages({ beyond: two, isBackward: true }), ['one'])
    const ofStream = { streams: [streams[0]], beyond: two }
    assert.deepEqual(await messages(ofStream), ['three', 'four'])
    assert.deepEqual(await messages({ ...ofStream, isBackward: true }), ['one'])
  })
}

function boundTests(name: string, place: () => Promise<Place>): void {
  test(`${name}: a page is cut at so many events or bytes, and says so`, async () => {
    const { store, group, streams, put } = await place()
    const [a, b] = streams
    await put(a, [
      [1, 'x'.repeat(10)],
      [2, 'x'.repeat(10)],
    ])
    await put(b, [
      [3, 'ü'.repeat(5)],
      [4, 'y'],
    ])
    const query = { group, from: 0, until: start * 2, isBackward: false, ...bounds }
    const lengths = async (more: Partial<EventQuery>) => {
      const { events, isCut } = await store.read({ ...query, ...more })
      return [events.map(({ message }) => message.length), isCut]
    }
    assert.deepEqual(await lengths({}), [[10, 10, 5, 1], false])
    assert.deepEqual(await lengths({ eventsMax: 4 }), [[10, 10, 5, 1], true])
    assert.deepEqual(await lengths({ bytesMax: 30 }), [[10, 10, 5], true])
    assert.deepEqual(await lengths({ bytesMax: 21, streams: [b, a] }), [[10, 10, 5], true])
    assert.deepEqual(await lengths({ bytesMax: 11, isBackward: true }), [[1, 5], true])
    assert.deepEqual(await lengths({ bytesMax: 1 }), [[10], true])
    const coming = { groups: [group], after: 0, eventsMax: 10, bytesMax: 11 }
    const arrived = await store.arrived(coming)
    assert.deepEqual([arrived.events.length, arrived.isCut], [2, true])
  })
}

function summaryTests(name: string, place: () => Promise<Place>): void {
  test(`${name}: streams and groups are summed up`, async () => {
    const { store, group, streams, put } = await place()
    const [a, b] = streams
    await put(a, [
      [1, 'ü'],
      [7, 'xx'],
    ])
    await put(a, [[3, 'y']])
    assert.deepEqual(
      await store.summaries([a, b]),
      new Map([[a, { firstAt: start + 1, lastAt: start + 7, ingestedAt: start }]]),
    )
    assert.deepEqual(await store.newest(group), new Map([[a, start + 7]]))
    const other = randomUUID()
    assert.deepEqual(await store.bytes([group, other]), new Map([[group, 5 + 3 * 26]]))
  })

  test(`${name}: what arrived comes in the order of coming`, async () => {
    const { store, group, streams, put } = await place()
    await put(streams[0], [[5, 'old']])
    const after = await store.lastSequence()
    await put(streams[1], [[9, 'first']])
    await put(streams[0], [[1, 'second']])
    const { events: arrived } = await store.arrived({ groups: [group], after, ...bounds })
    assert.deepEqual(
      arrived.map((event) => [event.message, event.stream, event.group]),
      [
        ['first', streams[1], group],
        ['second', streams[0], group],
      ],
    )
    const next = { groups: [group], after: arrived[0]?.sequence ?? 0, ...bounds }
    assert.deepEqual(
      (await store.arrived(next)).events.map(({ message }) => message),
      ['second'],
    )
    const none = await store.arrived({ ...next, groups: [randomUUID()] })
    assert.deepEqual(none, { events: [], isCut: false })
  })
}

function removalTests(name: string, place: () => Promise<Place>): void {
  test(`${name}: aged events go, some at a time, and are no longer counted`, async () => {
    const { store, group, streams, put, messages } = await place()
    await put(streams[0], [
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ])
    const query = { group, before: start + 2, eventsMax: 1 }
    assert.equal(await store.expire(query), 1)
    assert.deepEqual(await messages(), ['b', 'c'])
    assert.equal(await store.expire({ ...query, eventsMax: 10 }), 1)
    assert.equal(await store.expire(query), 0)
    assert.deepEqual(await store.bytes([group]), new Map([[group, 27]]))
    const summary = (await store.summaries([streams[0]])).get(streams[0])
    assert.deepEqual([summary?.firstAt, summary?.lastAt], [start + 2, start + 2])
  })

  test(`${name}: a stream and a group are removed until nothing is left`, async () => {
    const { store, group, streams, put, messages } = await place()
    const [a, b] = streams
    await put(a, [
      [0, 'a'],
      [1, 'a'],
    ])
    await put(b, [[0, 'b']])
    assert.equal(await store.purge({ stream: a }, 1), 1)
    assert.equal(await store.purge({ stream: a }, 10), 1)
    assert.equal(await store.purge({ stream: a }, 10), 0)
    assert.deepEqual(await messages(), ['b'])
    assert.deepEqual([...(await store.newest(group)).keys()], [b])
    assert.equal(await store.purge({ group }, 10), 1)
    assert.equal(await store.purge({ group }, 10), 0)
    assert.deepEqual(await store.newest(group), new Map())
    assert.deepEqual(await store.bytes([group]), new Map())
  })
}

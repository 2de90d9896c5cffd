import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../kernel/ports.ts'
import type { Scope } from '../kernel/scope.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { memoryEvents } from '../testing/memory-events.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { createLogs } from './create-logs.ts'
import { parseFilterPattern } from './domain/pattern/filter-pattern.ts'
import type { Measured } from './domain/measure-events.ts'
import { LogRefusal } from './refusal.ts'

const scope: Scope = { account: '000000000000', region: 'us-east-1' }
const minute = 60_000
const day = 24 * 60 * minute

function world() {
  const clock = manualClock()
  const context = {
    ...{ store: memoryStore(clock), clock, random: seededRandom(1), log: silentLog },
    events: { publish: () => undefined },
    wake: { wake: () => undefined },
  }
  const measured: Measured[] = []
  const events = memoryEvents()
  const metrics = {
    async put(_scope: Scope, values: readonly Measured[]) {
      measured.push(...values)
    },
  }
  const logs = createLogs(context, { events, metrics })
  return {
    ...{ clock, logs, events, measured },
    async begin() {
      await logs.groups.create(scope, { name: 'web' })
      await logs.groups.createStream(scope, 'web', { name: 's' })
    },
    put: (...messages: readonly string[]) =>
      logs.put({
        ...{ scope, groupName: 'web', streamName: 's' },
        events: messages.map((message) => ({ at: clock.now(), message })),
      }),
    async messages(): Promise<readonly string[]> {
      const group = await logs.groups.require(scope, 'web')
      const page = await logs.reader.group({
        ...{ scope, group, streams: undefined, pattern: parseFilterPattern('') },
        ...{ isBackward: false, eventsMax: 100 },
      })
      return page.events.map(({ message }) => message)
    },
    async reconcile() {
      const { signal } = new AbortController()
      for (const reconciler of logs.reconcilers) {
        for (const key of await reconciler.keys()) await reconciler.reconcile(key, signal)
      }
    },
  }
}

const errors = { metricNamespace: 'Site', metricName: 'Errors', metricValue: '1' }

test('a filter writes its value for what matches, and its default for a minute without', async () => {
  const { clock, logs, measured, begin, put, reconcile } = world()
  await begin()
  await logs.filters.put(scope, 'web', {
    ...{ name: 'f', pattern: 'ERROR' },
    transformations: [{ ...errors, defaultValue: 0, unit: 'Count' }],
  })
  const values = () => measured.map(({ value, unit }) => `${value} ${unit}`)
  await put('ERROR', 'fine', 'ERROR')
  assert.deepEqual(values(), ['1 Count', '1 Count'])
  await clock.advance(2 * minute)
  await reconcile()
  assert.deepEqual(values(), ['1 Count', '1 Count'])
  await put('fine')
  await reconcile()
  assert.equal(measured.length, 2)
  await clock.advance(2 * minute)
  await reconcile()
  await reconcile()
  assert.deepEqual(values().slice(2), ['0 Count'])
  await clock.advance(2 * minute)
  await put('fine')
  await put('ERROR at last')
  await clock.advance(2 * minute)
  await reconcile()
  assert.deepEqual(values().slice(3), ['1 Count'])
})

test('an event without what a filter asks of it gives no value', async () => {
  const { logs, measured, begin, put } = world()
  await begin()
  await logs.filters.put(scope, 'web', {
    ...{ name: 'f', pattern: '{ $.ms = * }' },
    transformations: [{ ...errors, metricValue: '$.ms', dimensions: { Path: '$.path' } }],
  })
  await put('{"ms":1.5,"path":"/a"}', '{"ms":"slow","path":"/a"}', '{"ms":2}', 'no json')
  assert.deepEqual(
    measured.map(({ value, dimensions }) => [value, dimensions]),
    [[1.5, { Path: '/a' }]],
  )
  await logs.filters.remove(scope, 'web', 'f')
  await put('{"ms":1.5,"path":"/a"}')
  assert.equal(measured.length, 1)
})

test('transformations that cannot work are refused', async () => {
  const { logs, begin } = world()
  await begin()
  const put = (more: object) =>
    logs.filters.put(scope, 'web', {
      ...{ name: 'f', pattern: '[a, b]', transformations: [{ ...errors, ...more }] },
    })
  for (const more of [
    { metricValue: 'one' },
    { metricName: 'a:b' },
    { defaultValue: 0, dimensions: { A: '$a' } },
    { dimensions: { A: '$a', B: '$b', C: '$a', D: '$b' } },
    { dimensions: { A: 'a' } },
  ]) {
    await assert.rejects(put(more), LogRefusal)
  }
  await put({ dimensions: { A: '$a' }, metricValue: '$b' })
})

test('an event past its retention is gone at once, and its room with the next sweep', async () => {
  const { clock, logs, events, begin, put, messages, reconcile } = world()
  await begin()
  await put('old')
  await clock.advance(2 * day)
  await put('new')
  await logs.groups.setRetention(scope, 'web', 1)
  assert.deepEqual(await messages(), ['new'])
  const { id } = await logs.groups.require(scope, 'web')
  assert.equal((await events.bytes([id])).get(id), 2 * 29)
  await reconcile()
  assert.equal((await events.bytes([id])).get(id), 29)
})

test('what was deleted is out of sight at once, and removed with all that belongs to it', async () => {
  const { clock, logs, events, begin, put, messages, reconcile } = world()
  await begin()
  const { id } = await logs.groups.require(scope, 'web')
  await logs.filters.put(scope, 'web', {
    ...{ name: 'f', pattern: '', transformations: [errors] },
  })
  await put('before')
  await logs.groups.removeStream(scope, 'web', 's')
  assert.deepEqual(await messages(), [])
  await assert.rejects(put('late'), /log stream does not exist/)
  await logs.groups.remove(scope, 'web')
  await begin()
  assert.deepEqual(await messages(), [])
  for (let n = 0; n < 2; n++) {
    await reconcile()
    await clock.advance(2 * minute)
  }
  await reconcile()
  assert.deepEqual(await logs.filters.listAll(scope), [])
  assert.equal((await events.bytes([id])).get(id), undefined)
  await put('after')
  assert.deepEqual(await messages(), ['after'])
})

test('a session is told of what comes after it began, once', async () => {
  const { clock, logs, begin, put } = world()
  await begin()
  await put('before')
  const over = new AbortController()
  const groups = [await logs.groups.require(scope, 'web')]
  const wish = { groups, pattern: parseFilterPattern('-noise') }
  const updates = await logs.tail.open(scope, wish, over.signal)
  const session = updates[Symbol.asyncIterator]()
  const next = async (): Promise<readonly string[]> => {
    const update = session.next()
    await clock.advance(1000)
    const { value } = (await update) as {
      value: { events: readonly { event: { message: string } }[] }
    }
    return value.events.map(({ event }) => event.message)
  }
  await put('one', 'noise')
  assert.deepEqual(await next(), ['one'])
  assert.deepEqual(await next(), [])
  await put('two')
  assert.deepEqual(await next(), ['two'])
  const last = session.next()
  over.abort()
  await clock.advance(1000)
  assert.equal((await last).done, true)
  const many = Array.from({ length: 16 }, () =>
    logs.tail.open(scope, wish, new AbortController().signal),
  )
  const outcomes = await Promise.allSettled(many)
  assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 1)
})

test('a prefix may stand for very many streams', async () => {
  const { clock, logs, begin } = world()
  await begin()
  for (let n = 0; n < 240; n++) {
    const streamName = `${n % 2 === 0 ? 'even' : 'odd'}-${n}`
    await logs.groups.createStream(scope, 'web', { name: streamName })
    const events = [{ at: clock.now() + n, message: `${n}` }]
    await logs.put({ scope, groupName: 'web', streamName, events })
  }
  const group = await logs.groups.require(scope, 'web')
  for (const [prefix, count] of [
    ['even-', 120],
    ['', 240],
    ['odd-11', 6],
    ['none', 0],
  ] as const) {
    const streams = await logs.reader.streamsOf(scope, group, { prefix })
    const reading = { scope, group, streams, pattern: parseFilterPattern('') }
    const page = await logs.reader.group({ ...reading, isBackward: false, eventsMax: 1000 })
    assert.equal(page.events.length, count, prefix)
  }
})

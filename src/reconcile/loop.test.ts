import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { silentLog } from '../kernel/ports.ts'
import { kindOf } from '../store/records.ts'
import type { Store } from '../store/records.ts'
import { manualClock } from '../testing/manual-clock.ts'
import type { ManualClock } from '../testing/manual-clock.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { createLoop } from './loop.ts'
import type { Loop } from './loop.ts'
import {
  backoffMaxMilliseconds,
  backoffMilliseconds,
  leaseMilliseconds,
} from './reconciler-worker.ts'
import type { Outcome, Reconciler } from './reconciler.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const things = kindOf<{ n: number }>('test/things')

interface World {
  readonly clock: ManualClock
  readonly store: Store
  readonly loop: Loop
  readonly visits: string[]
}

async function worldOf(
  parts: Partial<Reconciler> & { visit?: (key: string) => Promise<Outcome | undefined> },
): Promise<World> {
  const clock = manualClock()
  const store = memoryStore(clock)
  const loop = createLoop({ store, clock, log: silentLog, holder: 'one' })
  const visits: string[] = []
  loop.add(reconcilerOf(visits, parts))
  await loop.start()
  return { clock, store, loop, visits }
}

function reconcilerOf(
  visits: string[],
  parts: Partial<Reconciler> & { visit?: (key: string) => Promise<Outcome | undefined> },
): Reconciler {
  return {
    name: 'test/things',
    periodMilliseconds: 60_000,
    concurrencyMax: 4,
    keys: async () => [],
    wakes: [{ kind: things, keysOf: (change) => [change.id] }],
    async reconcile(key) {
      visits.push(key)
      return parts.visit?.(key)
    },
    ...parts,
  }
}

test('every key is visited at the start and again at each period', async () => {
  const { clock, loop, visits } = await worldOf({ keys: async () => ['a', 'b'] })
  await loop.idle()
  assert.deepEqual(visits, ['a', 'b'])
  await clock.advance(60_000)
  await loop.idle()
  assert.deepEqual(visits, ['a', 'b', 'a', 'b'])
  await loop.stop()
})

test('a change of a watched record wakes its key, and the port wakes any', async () => {
  const { store, loop, visits } = await worldOf({})
  await store.insert(things, { scope, id: 'x' }, { n: 1 })
  loop.wake('test/things', 'y')
  loop.wake('test/unknown', 'z')
  await loop.idle()
  assert.deepEqual(visits, ['x', 'y'])
  await loop.stop()
})

test('many wakes before an activation are one activation', async () => {
  const { loop, visits } = await worldOf({})
  for (let i = 0; i < 100; i++) loop.wake('test/things', 'x')
  await loop.idle()
  assert.deepEqual(visits, ['x'])
  await loop.stop()
})

test('a wake during an activation brings the key back, never beside itself', async () => {
  let running = 0
  let runningMax = 0
  const world: World = await worldOf({
    async visit() {
      running++
      runningMax = Math.max(runningMax, running)
      if (world.visits.length === 1) world.loop.wake('test/things', 'x')
      await world.clock.settle()
      running--
      return undefined
    },
  })
  world.loop.wake('test/things', 'x')
  await world.loop.idle()
  assert.deepEqual(world.visits, ['x', 'x'])
  assert.equal(runningMax, 1)
  await world.loop.stop()
})

test('no more activations than concurrencyMax run at once', async () => {
  let running = 0
  let runningMax = 0
  const world: World = await worldOf({
    concurrencyMax: 3,
    async visit() {
      running++
      runningMax = Math.max(runningMax, running)
      await world.clock.sleep(10)
      running--
      return undefined
    },
  })
  for (let i = 0; i < 10; i++) world.loop.wake('test/things', `k${i}`)
  await world.clock.advance(100)
  await world.loop.idle()
  assert.equal(world.visits.length, 10)
  assert.equal(runningMax, 3)
  await world.loop.stop()
})

test('an outcome brings its key back after the time it names', async () => {
  const { clock, loop, visits } = await worldOf({
    visit: async () => ({ againAfterMilliseconds: 1000 }),
  })
  loop.wake('test/things', 'x')
  await clock.advance(999)
  assert.deepEqual(visits, ['x'])
  await clock.advance(1)
  assert.deepEqual(visits, ['x', 'x'])
  await loop.stop()
})

test('a failing key backs off, though its own writes wake it, and recovers', async () => {
  let fails = true
  const world: World = await worldOf({
    async visit() {
      if (!fails) return undefined
      world.loop.wake('test/things', 'x')
      throw new Error('the world says no')
    },
  })
  world.loop.wake('test/things', 'x')
  await world.clock.advance(3000)
  // At 0, 100, 300, 700, 1500 milliseconds; the next at 3100.
  assert.equal(world.visits.length, 5)
  fails = false
  await world.clock.advance(100)
  assert.equal(world.visits.length, 6)
  await world.loop.stop()
})

test('the backoff grows to its cap and never past it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (failures) => {
      const delay = backoffMilliseconds(failures)
      return (
        delay > 0 && delay <= backoffMaxMilliseconds && delay <= backoffMilliseconds(failures + 1)
      )
    }),
  )
})

test('a second server does nothing until the first one is silent for a lease', async () => {
  const clock = manualClock()
  const store = memoryStore(clock)
  const log = silentLog
  const first = createLoop({ store, clock, log, holder: 'one' })
  const second = createLoop({ store, clock, log, holder: 'two' })
  const firstVisits: string[] = []
  const secondVisits: string[] = []
  first.add(reconcilerOf(firstVisits, { keys: async () => ['k'] }))
  second.add(reconcilerOf(secondVisits, { keys: async () => ['k'] }))
  await first.start()
  await second.start()
  await store.insert(things, { scope, id: 'x' }, { n: 1 })
  await clock.advance(leaseMilliseconds * 3)
  assert.deepEqual([firstVisits, secondVisits], [['k', 'x'], []])
  await first.stop()
  await clock.advance(leaseMilliseconds)
  assert.deepEqual(secondVisits, ['k'])
  await second.stop()
})

test('a store that cannot be reached ends the tenure before another server may begin', async () => {
  const clock = manualClock()
  const inner = memoryStore(clock)
  let isReachable = true
  const store: Store = {
    ...inner,
    lease: (...at) => (isReachable ? inner.lease(...at) : new Promise(() => undefined)),
  }
  const loop = createLoop({ store, clock, log: silentLog, holder: 'one' })
  let signalSeen: AbortSignal | undefined
  const visits: string[] = []
  loop.add({
    ...reconcilerOf(visits, {}),
    async reconcile(_key, signal) {
      signalSeen = signal
      await clock.sleep(1e9, signal)
      return undefined
    },
  })
  await loop.start()
  loop.wake('test/things', 'x')
  await clock.settle()
  isReachable = false
  await clock.advance(leaseMilliseconds)
  assert.equal(signalSeen?.aborted, true)
  await loop.stop()
})

test('stopping aborts what runs and leaves no sleeper', async () => {
  const clock = manualClock()
  const loop = createLoop({ store: memoryStore(clock), clock, log: silentLog, holder: 'one' })
  loop.add({
    ...reconcilerOf([], { keys: async () => ['a'] }),
    async reconcile(_key, signal) {
      await clock.sleep(1e9, signal)
      return { againAfterMilliseconds: 5 }
    },
  })
  await loop.start()
  await clock.settle()
  await loop.stop()
  assert.equal(clock.sleepers(), 0)
})

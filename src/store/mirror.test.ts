import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../testing/manual-clock.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { mirrorOf } from './mirror.ts'
import { kindOf, type Store } from './records.ts'

const things = kindOf<{ readonly count: number }>('test/mirrored')
const scope = { account: '0', region: 'r' }

/** A store that counts what is asked of it. */
function counted(store: Store): { store: Store; asked: { finds: number; lists: number } } {
  const asked = { finds: 0, lists: 0 }
  return {
    asked,
    store: {
      ...store,
      find: (...of) => (asked.finds++, store.find(...of)),
      list: (...of) => (asked.lists++, store.list(...of)),
      listAll: (...of) => (asked.lists++, store.listAll(...of)),
    },
  }
}

test('a mirror reads what changed, and nothing else, until its period ends', async () => {
  const clock = manualClock()
  const plain = memoryStore(clock)
  const { store, asked } = counted(plain)
  const mirror = mirrorOf(
    { store, clock },
    { kind: things, filter: { owner: 'o' }, periodMilliseconds: 1000 },
  )
  const counts = async (): Promise<number[]> =>
    [...(await mirror.read()).values()].map((record) => record.value.count)
  const a = await plain.insert(things, { scope, id: 'a', owner: 'o' }, { count: 1 })
  await plain.insert(things, { scope, id: 'b', owner: 'o' }, { count: 2 })
  await plain.insert(things, { scope, id: 'c', owner: 'other' }, { count: 3 })
  assert.deepEqual(await counts(), [1, 2])
  const changed = await plain.update(a, { count: 10 })
  assert.deepEqual(await counts(), [10, 2])
  await plain.remove(changed)
  assert.deepEqual(await counts(), [2])
  assert.deepEqual(asked, { finds: 2, lists: 1 })
  await clock.advance(1000)
  assert.deepEqual(await counts(), [2])
  assert.equal(asked.lists, 2)
})

test("what the caller wrote is not read again, but another's write on top of it is", async () => {
  const clock = manualClock()
  const plain = memoryStore(clock)
  const { store, asked } = counted(plain)
  const mirror = mirrorOf({ store, clock }, { kind: things, periodMilliseconds: 1000 })
  const first = await plain.insert(things, { scope, id: 'a' }, { count: 1 })
  await mirror.read()
  const second = await plain.update(first, { count: 2 })
  mirror.note(second)
  assert.equal((await mirror.read()).get('0/r/a')?.value.count, 2)
  assert.equal(asked.finds, 0)
  const third = await plain.update(second, { count: 3 })
  await plain.update(third, { count: 4 })
  mirror.note(third)
  assert.equal((await mirror.read()).get('0/r/a')?.value.count, 4)
  mirror.close()
})

test('its list is in order, and is the same one until something changes', async () => {
  const clock = manualClock()
  const store = memoryStore(clock)
  const mirror = mirrorOf({ store, clock }, { kind: things, periodMilliseconds: 1000 })
  const ids = async (): Promise<string[]> => (await mirror.list()).map(({ id }) => id)
  await store.insert(things, { scope, id: 'b' }, { count: 1 })
  assert.deepEqual(await ids(), ['b'])
  const a = await store.insert(things, { scope, id: 'a' }, { count: 1 })
  assert.deepEqual(await ids(), ['a', 'b'])
  const before = await mirror.list()
  assert.equal(await mirror.list(), before)
  mirror.note(await store.update(a, { count: 2 }))
  assert.deepEqual(
    (await mirror.list()).map(({ value }) => value.count),
    [2, 1],
  )
  assert.equal(before[0]?.value.count, 1)
  mirror.close()
})

test('a doubt that comes while it is read is heard', async () => {
  const clock = manualClock()
  const { store, asked } = counted(memoryStore(clock))
  const mirror = mirrorOf({ store, clock }, { kind: things, periodMilliseconds: 1000 })
  await mirror.read()
  await store.insert(things, { scope, id: 'a' }, { count: 1 })
  const reading = mirror.read()
  await Promise.resolve()
  mirror.doubt()
  assert.equal((await reading).size, 1)
  assert.equal((await mirror.read()).size, 1)
  assert.equal(asked.lists, 2)
  mirror.close()
})

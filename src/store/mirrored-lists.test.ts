import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../testing/manual-clock.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { mirroredLists } from './mirrored-lists.ts'
import { kindOf } from './records.ts'

const things = kindOf<{ readonly n: number }>('test/mirrored')
const scope = { account: '000000000000', region: 'us-east-1' }

test('lists hold what was written before they were asked for, in order, and read only what changed', async () => {
  const clock = manualClock()
  const store = memoryStore(clock)
  let listed = 0
  const counting = {
    ...store,
    listAll: (...call: Parameters<typeof store.listAll>) => {
      listed++
      return store.listAll(...call)
    },
  } as typeof store
  const lists = mirroredLists({ store: counting, clock })
  const ids = async () => (await lists.listAll(things)).map(({ id, value }) => `${id}${value.n}`)
  await store.insert(things, { scope, id: 'b' }, { n: 1 })
  assert.deepEqual(await ids(), ['b1'])
  const a = await store.insert(things, { scope, id: 'a' }, { n: 1 })
  await store.insert(things, { scope, id: 'c' }, { n: 1 })
  assert.deepEqual(await ids(), ['a1', 'b1', 'c1'])
  const changed = await store.update(a, { n: 2 })
  assert.deepEqual(await ids(), ['a2', 'b1', 'c1'])
  await store.remove(changed)
  assert.deepEqual(await ids(), ['b1', 'c1'])
  assert.equal(listed, 1)
  await clock.advance(60_000)
  assert.deepEqual(await ids(), ['b1', 'c1'])
  assert.equal(listed, 2)
  lists.close()
})

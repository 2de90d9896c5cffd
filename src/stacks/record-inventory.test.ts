import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOf } from '../store/records.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { recordInventory } from './record-inventory.ts'

const things = kindOf<{ readonly size: number }>('test/inventoried')
const here = { account: '000000000000', region: 'us-east-1' }
const elsewhere = { ...here, region: 'eu-west-1' }

test('the records of a kind are what there is, each in its own scope', async () => {
  const store = memoryStore(manualClock())
  await store.insert(things, { scope: here, id: 'a' }, { size: 1 })
  await store.insert(things, { scope: elsewhere, id: 'b' }, { size: 2 })
  const { identifier, hidden, list, describe } = recordInventory(store, things, {
    identifier: 'Id',
    hidden: ['Secret'],
    describe: ({ id, value }) => ({ Id: id, Size: value.size }),
  })
  assert.deepEqual({ identifier, hidden }, { identifier: 'Id', hidden: ['Secret'] })
  assert.deepEqual(await list(here), ['a'])
  assert.deepEqual(await describe('a', here), { Id: 'a', Size: 1 })
  assert.equal(await describe('b', here), undefined)
})

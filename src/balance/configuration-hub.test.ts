import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../store/records.ts'
import { computeWorld } from '../testing/compute-world.ts'
import { createConfigurationHub } from './configuration-hub.ts'
import { rules } from './records.ts'

test('a picture holds all that was written before it was asked for, also while one is drawn', async () => {
  const world = await computeWorld()
  const { store, scope, network } = world
  let door = Promise.withResolvers<void>()
  door.resolve()
  const slow: Store = {
    ...store,
    listAll: async (kind, filter) => {
      const found = await store.listAll(kind, filter)
      await door.promise
      return found
    },
  }
  const hub = createConfigurationHub(
    { ...world.context, store: slow },
    { network, runDirectory: '/run/evenkeel-test' },
  )
  const write = (id: string) =>
    store.insert(
      rules,
      { scope, id, owner: 'l1' },
      {
        ...{ ruleId: id, listenerId: 'l1', priority: 1, conditions: [], tags: [] },
        action: { type: 'fixed-response', statusCode: 404, contentType: 'text/plain', body: '' },
      },
    )
  const rulesOf = async () => (await hub.picture()).rules.map(({ ruleId }) => ruleId)
  assert.deepEqual(await rulesOf(), [])
  door = Promise.withResolvers()
  await write('r1')
  const afterFirst = rulesOf()
  await write('r2')
  const afterSecond = rulesOf()
  door.resolve()
  assert.ok((await afterFirst).includes('r1'))
  assert.deepEqual((await afterSecond).toSorted(), ['r1', 'r2'])
  hub.close()
  await world.close()
})

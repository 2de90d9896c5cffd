import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stackBench, benchScope as scope } from '../testing/stack-bench.ts'
import { forgetStacks } from './forget-stacks.ts'
import { stackEvents, stackResources, stacks, templateBodies } from './stack-records.ts'

const dayMilliseconds = 24 * 60 * 60 * 1000

test('a deleted stack is kept for 90 days by its id, then nothing of it is', async () => {
  const bench = await stackBench()
  const { operations, store } = bench.stacks
  const create = (name: string) =>
    operations.create(scope, {
      name,
      ...{ onFailure: 'ROLLBACK' as const, timeoutMinutes: undefined, isProtected: false },
      source: { body: 'Resources: { A: { Type: Fake::Thing } }', endpointHost: 'localhost' },
      ...{ parameters: [], tags: [], capabilities: [], token: undefined },
    })
  const { stackId } = await create('gone')
  const kept = await create('kept')
  await bench.settle()
  await operations.remove(scope, { nameOrId: 'gone', retain: [], token: undefined })
  await bench.settle()
  const { deletedAt = 0 } = await bench.find(stackId)
  const keysAt = async (milliseconds: number): Promise<readonly string[]> => {
    const now = (): number => deletedAt + milliseconds
    const clock = { now, sleep: () => Promise.resolve() }
    const reconciler = forgetStacks({ store, clock })
    const keys = await reconciler.keys()
    for (const key of keys) await reconciler.reconcile(key, new AbortController().signal)
    return keys
  }
  assert.deepEqual(await keysAt(90 * dayMilliseconds - 1), [])
  assert.ok((await bench.events(stackId)).length > 4)
  assert.equal((await keysAt(90 * dayMilliseconds)).length, 1)
  for (const kind of [stacks, stackEvents, stackResources, templateBodies]) {
    const left = await store.list<unknown>(kind, scope)
    assert.ok(left.length > 0, 'the other stack is whole')
    assert.ok(
      left.every(({ id, owner }) => [id, owner].includes(kept.uuid)),
      kind.name,
    )
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { benchScope as scope, stackBench, type StackBench } from '../testing/stack-bench.ts'
import type { UpdateWishes } from './update-wishes.ts'

const request = (body: string) => ({
  source: { body, endpointHost: 'localhost' },
  parameters: [],
  tags: undefined,
  capabilities: [],
  token: undefined,
})

const pair = (value: string, fixed = 'x'): string => `
Resources:
  A: { Type: Fake::Thing, Properties: { Fixed: ${fixed} } }
  B: { Type: Fake::Thing, Properties: { Needs: [!Ref A], Value: ${value} } }`

async function create(
  bench: StackBench,
  body: string,
  more: {
    readonly onFailure?: 'DO_NOTHING'
    readonly retainsExceptOnCreate?: boolean
    readonly policy?: string
  } = {},
): Promise<void> {
  await bench.stacks.operations.create(scope, {
    ...{ onFailure: 'ROLLBACK' as const, timeoutMinutes: undefined, isProtected: false },
    ...request(body),
    ...more,
    name: 'shop',
  })
  await bench.settle()
}

async function update(bench: StackBench, body: string, wishes: UpdateWishes = {}): Promise<void> {
  await bench.stacks.operations.update(scope, { ...request(body), ...wishes, nameOrId: 'shop' })
  await bench.settle()
}

async function rollBack(bench: StackBench): Promise<void> {
  const asked = { nameOrId: 'shop', retainsExceptOnCreate: false }
  await bench.stacks.rollbacks.rollBack(scope, asked)
  await bench.settle()
}

test('an update that is to stay as it failed stays, until it is rolled back', async () => {
  const bench = await stackBench()
  await create(bench, pair('one'))
  const before = [...bench.world.live.keys()].toSorted()
  await update(bench, pair('bad', 'y'), { doNothingOnFailure: true })
  const failed = await bench.find('shop')
  assert.equal(failed.status, 'UPDATE_FAILED')
  assert.match(failed.statusReason ?? '', /failed to update: \[B\]/)
  assert.notDeepEqual([...bench.world.live.keys()].toSorted(), before)
  await rollBack(bench)
  assert.equal((await bench.find('shop')).status, 'UPDATE_ROLLBACK_COMPLETE')
  assert.deepEqual([...bench.world.live.keys()].toSorted(), before)
  await assert.rejects(rollBack(bench), /can not be rolled back/)
  await update(bench, pair('two', 'z'))
  assert.equal((await bench.find('shop')).status, 'UPDATE_COMPLETE')
})

test('a creation that stayed as it failed is rolled back', async () => {
  const bench = await stackBench()
  await create(bench, pair('bad'), { onFailure: 'DO_NOTHING' })
  assert.equal((await bench.find('shop')).status, 'CREATE_FAILED')
  assert.equal(bench.world.live.size, 1)
  await rollBack(bench)
  assert.equal((await bench.find('shop')).status, 'ROLLBACK_COMPLETE')
  assert.equal(bench.world.live.size, 0)
})

test('what is to be retained goes when its own creation is undone, if that was asked for', async () => {
  const body = `
Resources:
  A: { Type: Fake::Thing, DeletionPolicy: Retain }
  B: { Type: Fake::Thing, Properties: { Needs: [!Ref A], Value: bad } }`
  for (const retainsExceptOnCreate of [false, true]) {
    const bench = await stackBench()
    await create(bench, body, { retainsExceptOnCreate })
    assert.equal((await bench.find('shop')).status, 'ROLLBACK_COMPLETE')
    assert.equal(bench.world.live.size, retainsExceptOnCreate ? 0 : 1)
  }
})

test('a resource whose rollback fails can be skipped', async () => {
  const bench = await stackBench()
  await create(bench, pair('one'))
  bench.world.failing.add('update B')
  await update(bench, pair('two', 'y'))
  assert.equal((await bench.find('shop')).status, 'UPDATE_ROLLBACK_FAILED')
  const { rollbacks } = bench.stacks
  await assert.rejects(rollbacks.continueRollback(scope, 'shop', ['A']), /\[A\]/)
  await rollbacks.continueRollback(scope, 'shop', ['B'])
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'UPDATE_ROLLBACK_COMPLETE')
  const events = await bench.events('shop')
  assert.ok(events.includes('B UPDATE_COMPLETE Resource skipped during rollback'))
  bench.world.failing.clear()
  await update(bench, pair('three', 'x'))
  assert.equal((await bench.find('shop')).status, 'UPDATE_COMPLETE')
})

const statement = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }
const open = JSON.stringify({ Statement: [statement] })
const guarded = JSON.stringify({
  Statement: [statement, { ...statement, Effect: 'Deny', Resource: 'LogicalResourceId/A' }],
})

test('a stack policy keeps a resource as it is, unless the update brings its own', async () => {
  const bench = await stackBench()
  await create(bench, pair('one'), { policy: guarded })
  await update(bench, pair('one', 'y'))
  assert.equal((await bench.find('shop')).status, 'UPDATE_ROLLBACK_COMPLETE')
  const denied = /A UPDATE_FAILED Action denied by stack policy: Statement \[#2\].*Update:Replace/
  assert.match((await bench.events('shop')).join('\n'), denied)
  await update(bench, pair('two'))
  assert.equal((await bench.find('shop')).status, 'UPDATE_COMPLETE')
  const without = 'Resources: { B: { Type: Fake::Thing, Properties: { Value: two } } }'
  await assert.rejects(update(bench, without), /does not allow \[Update:Delete\]/)
  await update(bench, pair('two', 'y'), { policyDuringUpdate: open })

  assert.equal((await bench.find('shop')).status, 'UPDATE_COMPLETE')
  assert.equal((await bench.find('shop')).policy, guarded)
  await bench.stacks.operations.setPolicy(scope, 'shop', open)
  await update(bench, pair('two', 'z'))
  assert.equal((await bench.find('shop')).status, 'UPDATE_COMPLETE')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { benchScope as scope, stackBench, type StackBench } from '../testing/stack-bench.ts'

function target(body: string): {
  source: { body: string; endpointHost: string }
  parameters: []
  tags: undefined
  capabilities: []
  token: undefined
} {
  const source = { body, endpointHost: 'localhost' }
  return { source, parameters: [], tags: undefined, capabilities: [], token: undefined }
}

async function made(body: string): Promise<StackBench> {
  const bench = await stackBench()
  await bench.stacks.operations.create(scope, {
    ...target(body),
    name: 'shop',
    onFailure: 'ROLLBACK',
    timeoutMinutes: undefined,
    isProtected: false,
  })
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'CREATE_COMPLETE')
  return bench
}

async function update(bench: StackBench, body: string): Promise<void> {
  await bench.stacks.operations.update(scope, { ...target(body), nameOrId: 'shop' })
  await bench.settle()
}

function pair(value: string, fixed: string): string {
  return `
Resources:
  A: { Type: Fake::Thing, Properties: { Fixed: ${fixed} } }
  B: { Type: Fake::Thing, Properties: { Needs: [!Ref A], Value: ${value} } }
Outputs: { Id: { Value: !Ref A } }`
}

test('a replaced resource is made first, what depends on it is changed, and the old one goes last', async () => {
  const bench = await made(pair('one', 'x'))
  const seen = (await bench.events('shop')).length
  await update(bench, pair('one', 'y'))
  assert.deepEqual(bench.world.log.slice(2), ['create A', 'update B', 'remove A'])
  assert.deepEqual(bench.world.violations, [])
  const stack = await bench.find('shop')
  const replaced = [...bench.world.live.values()].find(({ logicalId }) => logicalId === 'A')
  assert.deepEqual(stack.outputs, [{ name: 'Id', value: replaced?.id }])
  assert.deepEqual((await bench.events('shop')).slice(seen), [
    'shop UPDATE_IN_PROGRESS User Initiated',
    'A UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
    'A UPDATE_IN_PROGRESS Resource creation Initiated',
    'A UPDATE_COMPLETE',
    'B UPDATE_IN_PROGRESS',
    'B UPDATE_COMPLETE',
    'shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'shop UPDATE_COMPLETE',
  ])
})

test('a failed update says what failed to be created, and what to be updated', async () => {
  const wait = { Type: 'Fake::Thing', Properties: { Value: 'x' } }
  const body = (a: string, others: readonly string[]): string =>
    JSON.stringify({
      Resources: {
        A: { ...wait, Properties: { Value: a } },
        ...Object.fromEntries(
          others.map((id) => [id, { ...wait, DependsOn: [], Properties: { Value: 'bad' } }]),
        ),
      },
    })
  const bench = await made(body('one', []))
  const reasons = async (): Promise<string | undefined> =>
    (await bench.events('shop'))
      .filter((line) => line.startsWith('shop UPDATE_ROLLBACK_IN_PROGRESS'))
      .at(-1)
  await update(bench, body('one', ['C', 'B']))
  assert.equal(
    await reasons(),
    'shop UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [B, C]. ',
  )
  await update(bench, body('bad', ['B']))
  assert.equal(
    await reasons(),
    'shop UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [B]. The following resource(s) failed to update: [A]. ',
  )
})

test('a failed update goes back to what was there, the replaced resource too', async () => {
  const bench = await made(pair('one', 'x'))
  const before = [...bench.world.live.keys()].toSorted((a, b) => a.localeCompare(b))
  await update(bench, pair('bad', 'y'))
  const stack = await bench.find('shop')
  assert.equal(stack.status, 'UPDATE_ROLLBACK_COMPLETE')
  assert.deepEqual(
    [...bench.world.live.keys()].toSorted((a, b) => a.localeCompare(b)),
    before,
  )
  assert.deepEqual(bench.world.violations, [])
  const seen = await bench.events('shop')
  assert.ok(
    seen.includes(
      'shop UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to update: [B]. ',
    ),
  )
})

test('a rollback that failed is continued when what was in its way is gone', async () => {
  const bench = await made(pair('one', 'x'))
  const before = [...bench.world.live.keys()].toSorted((a, b) => a.localeCompare(b))
  bench.world.failing.add('update B')
  await update(bench, pair('two', 'y'))
  assert.equal((await bench.find('shop')).status, 'UPDATE_ROLLBACK_FAILED')
  bench.world.failing.clear()
  await bench.stacks.rollbacks.continueRollback(scope, 'shop', [])
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'UPDATE_ROLLBACK_COMPLETE')
  assert.deepEqual(
    [...bench.world.live.keys()].toSorted((a, b) => a.localeCompare(b)),
    before,
  )
  await update(bench, pair('three', 'x'))
  assert.equal((await bench.find('shop')).status, 'UPDATE_COMPLETE')
})

test('a stack whose rollback failed can be deleted, with everything that either version made', async () => {
  const bench = await made(pair('one', 'x'))
  bench.world.failing.add('update B')
  await update(bench, pair('two', 'y'))
  const { stackId } = await bench.find('shop')
  await bench.stacks.operations.remove(scope, { nameOrId: 'shop', retain: [], token: undefined })
  await bench.settle()
  assert.equal((await bench.find(stackId)).status, 'DELETE_COMPLETE')
  assert.equal(bench.world.live.size, 0)
})

test('an update that is cancelled is rolled back', async () => {
  const bench = await made('Resources: { A: { Type: Fake::Thing } }')
  const slow = `
Resources:
  A: { Type: Fake::Thing }
  S: { Type: Fake::Thing, Properties: { Wait: 100000 } }`
  await update(bench, slow)
  assert.equal((await bench.find('shop')).status, 'UPDATE_IN_PROGRESS')
  await bench.stacks.operations.cancelUpdate(scope, 'shop')
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'UPDATE_ROLLBACK_COMPLETE')
  assert.deepEqual(
    [...bench.world.live.values()].map(({ logicalId }) => logicalId),
    ['A'],
  )
})

test('resources that leave the template go, unless their policy keeps them', async () => {
  const bench = await made(`
Resources:
  A: { Type: Fake::Thing }
  Kept: { Type: Fake::Thing, DeletionPolicy: Retain }
  Gone: { Type: Fake::Thing }`)
  await update(bench, 'Resources: { A: { Type: Fake::Thing } }')
  assert.equal((await bench.find('shop')).status, 'UPDATE_COMPLETE')
  const left = [...bench.world.live.values()].map(({ logicalId }) => logicalId)
  assert.deepEqual(left, ['A', 'Kept'])
})

test('what cannot be updated says why, in the words of AWS', async () => {
  const bench = await made(pair('one', 'x'))
  const { operations } = bench.stacks
  const other = 'Resources: { A: { Type: Other::Thing }, B: { Type: Fake::Thing } }'
  await assert.rejects(operations.update(scope, { ...target(other), nameOrId: 'shop' }), {
    message: 'Template format error: Unrecognized resource types: [Other::Thing]',
  })
  bench.world.failing.add('create N')
  await operations.create(scope, {
    ...target('Resources: { N: { Type: Fake::Thing } }'),
    name: 'failed',
    onFailure: 'ROLLBACK',
    timeoutMinutes: undefined,
    isProtected: false,
  })
  await bench.settle()
  await assert.rejects(
    operations.update(scope, { ...target(pair('a', 'b')), nameOrId: 'failed' }),
    {
      message:
        /^Stack:arn:aws:cloudformation:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/,
    },
  )
})

test('only an output changes: nothing is touched, and the output is the new one', async () => {
  const bench = await made(pair('one', 'x'))
  const log = [...bench.world.log]
  await update(bench, pair('one', 'x').replace('!Ref A }', '!Sub "new-${A}" }'))
  assert.match((await bench.find('shop')).outputs[0]?.value ?? '', /^new-a-/)
  assert.deepEqual(bench.world.log, log)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { benchScope as scope, stackBench as bench } from '../testing/stack-bench.ts'
import type { CreateRequest } from './new-stack.ts'
import { findStack, resourcesOf } from './stack-reader.ts'

function request(name: string, body: string, more: Partial<CreateRequest> = {}): CreateRequest {
  return {
    name,
    source: { body, endpointHost: '127.0.0.1:4566' },
    parameters: [],
    tags: undefined,
    capabilities: [],
    onFailure: 'ROLLBACK',
    timeoutMinutes: undefined,
    isProtected: false,
    token: undefined,
    ...more,
  }
}

const pair = `
Resources:
  A:
    Type: Fake::Thing
    Properties: { Value: one }
  B:
    Type: Fake::Thing
    Properties: { Needs: [!Ref A], Value: !GetAtt A.Value }
Outputs:
  Id: { Value: !Ref B, Description: The second }
  Text: { Value: !Sub '\${A.Arn}/\${AWS::StackName}' }
`

test('a stack is made in the order of its references, with the events of AWS, and its outputs', async () => {
  const { stacks, settle, find, events, world } = await bench()
  await stacks.operations.create(scope, request('pair', pair))
  await settle()
  const stack = await find('pair')
  assert.equal(stack.status, 'CREATE_COMPLETE')
  const [a, b] = [...world.live.keys()]
  assert.deepEqual(stack.outputs, [
    { name: 'Id', value: b, description: 'The second' },
    { name: 'Text', value: `arn:fake:${a}/pair` },
  ])
  assert.deepEqual(await events('pair'), [
    'pair CREATE_IN_PROGRESS User Initiated',
    'A CREATE_IN_PROGRESS',
    'A CREATE_IN_PROGRESS Resource creation Initiated',
    'A CREATE_COMPLETE',
    'B CREATE_IN_PROGRESS',
    'B CREATE_IN_PROGRESS Resource creation Initiated',
    'B CREATE_COMPLETE',
    'pair CREATE_COMPLETE',
  ])
})

test('deleting removes everything backwards, and leaves the stack to be found by its id alone', async () => {
  const { stacks, settle, find, events, world } = await bench()
  const { stackId } = await stacks.operations.create(scope, request('pair', pair))
  await settle()
  await stacks.operations.remove(scope, { nameOrId: 'pair', retain: [], token: undefined })
  await settle()
  assert.equal(world.live.size, 0)
  assert.deepEqual(world.log.slice(2), ['remove B', 'remove A'])
  assert.deepEqual(world.violations, [])
  assert.equal(await findStack(stacks.store, scope, 'pair'), undefined)
  assert.equal((await find(stackId)).status, 'DELETE_COMPLETE')
  assert.deepEqual((await events(stackId)).slice(8), [
    'pair DELETE_IN_PROGRESS User Initiated',
    'B DELETE_IN_PROGRESS',
    'B DELETE_COMPLETE',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'pair DELETE_COMPLETE',
  ])
})

test('a failed resource rolls the stack back, with its reason where a person looks', async () => {
  const { stacks, settle, find, events, world } = await bench()
  world.failing.add('create B')
  await stacks.operations.create(scope, request('pair', pair))
  await settle()
  assert.equal((await find('pair')).status, 'ROLLBACK_COMPLETE')
  assert.equal(world.live.size, 0)
  const reason =
    'Resource handler returned message: "no room for B" (HandlerErrorCode: GeneralServiceException)'
  assert.deepEqual((await events('pair')).slice(4), [
    'B CREATE_IN_PROGRESS',
    `B CREATE_FAILED ${reason}`,
    'pair ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [B]. Rollback requested by user.',
    'B DELETE_COMPLETE',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'pair ROLLBACK_COMPLETE',
  ])
})

test('siblings in progress are cancelled when one fails, and what they made is removed', async () => {
  const { stacks, settle, find, events, world } = await bench()
  world.failing.add('create Bad')
  const body = `
Resources:
  Slow: { Type: Fake::Thing, Properties: { Wait: 60 } }
  Gate: { Type: Fake::Thing }
  Bad: { Type: Fake::Thing, DependsOn: Gate }
`
  await stacks.operations.create(scope, request('siblings', body))
  await settle()
  assert.equal((await find('siblings')).status, 'ROLLBACK_COMPLETE')
  const seen = await events('siblings')
  assert.ok(seen.includes('Slow CREATE_FAILED Resource creation cancelled'))
  const failed = seen.find((event) => event.startsWith('siblings ROLLBACK_IN_PROGRESS'))
  assert.match(failed ?? '', /failed to create: \[Bad, Slow\]\. Rollback requested by user\./)
  assert.equal(world.live.size, 0)
})

test('OnFailure DO_NOTHING keeps what was made, DELETE removes the stack too', async () => {
  const { stacks, settle, find, world } = await bench()
  world.failing.add('create B')
  await stacks.operations.create(scope, request('kept', pair, { onFailure: 'DO_NOTHING' }))
  const gone = await stacks.operations.create(scope, request('gone', pair, { onFailure: 'DELETE' }))
  await settle()
  assert.equal((await find('kept')).status, 'CREATE_FAILED')
  assert.equal((await find(gone.stackId)).status, 'DELETE_COMPLETE')
  assert.deepEqual(
    [...world.live.values()].map(({ logicalId }) => logicalId),
    ['A'],
  )
})

test('a property that is not honoured fails the stack by name before anything is made', async () => {
  const { stacks, settle, find, events, world } = await bench()
  const body = `
Resources:
  A: { Type: Fake::Thing }
  B: { Type: Fake::Thing, Properties: { Needs: [!Ref A], Colour: red } }
`
  await stacks.operations.create(scope, request('coloured', body))
  await settle()
  assert.equal((await find('coloured')).status, 'ROLLBACK_COMPLETE')
  assert.deepEqual(world.log, [])
  assert.match((await events('coloured')).join('\n'), /extraneous key \[Colour\] is not permitted/)
})

test('types that are not served are refused at once, by name', async () => {
  const { stacks } = await bench()
  const body = 'Resources: { Q: { Type: "AWS::Quantum::Ledger" } }'
  await assert.rejects(stacks.operations.create(scope, request('q', body)), {
    message: 'Template format error: Unrecognized resource types: [AWS::Quantum::Ledger]',
  })
  assert.equal(await findStack(stacks.store, scope, 'q'), undefined)
})

test('TimeoutInMinutes ends a creation that takes longer', async () => {
  const { stacks, settle, find, world } = await bench()
  const body = 'Resources: { Slow: { Type: "Fake::Thing", Properties: { Wait: 100000 } } }'
  await stacks.operations.create(scope, request('slow', body, { timeoutMinutes: 1 }))
  await settle()
  assert.equal((await find('slow')).status, 'CREATE_IN_PROGRESS')
  await settle(61_000)
  assert.equal((await find('slow')).status, 'ROLLBACK_COMPLETE')
  assert.equal(world.live.size, 0)
})

test('deleting a stack that is still being made cancels the making', async () => {
  const { stacks, settle, find, world } = await bench()
  const body = 'Resources: { Slow: { Type: "Fake::Thing", Properties: { Wait: 100000 } } }'
  const { stackId } = await stacks.operations.create(scope, request('slow', body))
  await settle()
  await stacks.operations.remove(scope, { nameOrId: 'slow', retain: [], token: undefined })
  await settle()
  assert.equal((await find(stackId)).status, 'DELETE_COMPLETE')
  assert.equal(world.live.size, 0)
})

test('a resource that cannot go fails the deletion, and can be retained in the next', async () => {
  const { stacks, settle, find, events, world } = await bench()
  world.failing.add('remove B')
  const { stackId } = await stacks.operations.create(scope, request('stuck', pair))
  await settle()
  await stacks.operations.remove(scope, { nameOrId: 'stuck', retain: [], token: undefined })
  await settle()
  const stack = await find('stuck')
  assert.equal(stack.status, 'DELETE_FAILED')
  assert.equal(stack.statusReason, 'The following resource(s) failed to delete: [B]. ')
  await stacks.operations.remove(scope, { nameOrId: 'stuck', retain: ['B'], token: undefined })
  await settle()
  assert.equal((await find(stackId)).status, 'DELETE_COMPLETE')
  assert.deepEqual(
    [...world.live.values()].map(({ logicalId }) => logicalId),
    ['B'],
  )
  assert.ok((await events(stackId)).includes('B DELETE_SKIPPED'))
})

test('DeletionPolicy Retain leaves the resource', async () => {
  const { stacks, settle, world } = await bench()
  const body = `
Resources:
  Kept: { Type: Fake::Thing, DeletionPolicy: Retain }
  Gone: { Type: Fake::Thing }
`
  await stacks.operations.create(scope, request('policy', body))
  await settle()
  await stacks.operations.remove(scope, { nameOrId: 'policy', retain: [], token: undefined })
  await settle()
  assert.deepEqual(
    [...world.live.values()].map(({ logicalId }) => logicalId),
    ['Kept'],
  )
})

test('termination protection, a taken name and tokens are answered in the words of AWS', async () => {
  const { stacks, settle } = await bench()
  const { operations } = stacks
  const first = await operations.create(
    scope,
    request('one', pair, { isProtected: true, token: 't-1' }),
  )
  await settle()
  const again = await operations.create(scope, request('one', pair, { token: 't-1' }))
  assert.equal(again.stackId, first.stackId)
  await assert.rejects(operations.create(scope, request('one', pair)), {
    code: 'AlreadyExistsException',
    message: 'Stack [one] already exists',
  })
  await assert.rejects(
    operations.remove(scope, { nameOrId: 'one', retain: [], token: undefined }),
    {
      message: 'Stack [one] cannot be deleted while TerminationProtection is enabled',
    },
  )
  await assert.rejects(operations.update(scope, { ...request('', pair), nameOrId: 'one' }), {
    code: 'ValidationError',
    message: 'No updates are to be performed.',
  })
})

test('resources that do not depend on each other are made together, within the bound', async () => {
  const { stacks, settle, world } = await bench()
  const many = Array.from(
    { length: 60 },
    (_, i) => `  R${i}: { Type: Fake::Thing, Properties: { Wait: 3 } }`,
  )
  await stacks.operations.create(scope, request('many', `Resources:\n${many.join('\n')}`))
  await settle(5000)
  assert.equal(world.live.size, 60)
  assert.equal(world.busiest, 32)
})

test('resources are listed with their physical ids', async () => {
  const { stacks, settle, find, world } = await bench()
  await stacks.operations.create(scope, request('pair', pair))
  await settle()
  const resources = await resourcesOf(stacks.store, scope, (await find('pair')).uuid)
  assert.deepEqual(
    resources.map(({ current }) => current.physicalId),
    [...world.live.keys()],
  )
})

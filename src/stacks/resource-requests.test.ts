import assert from 'node:assert/strict'
import { test } from 'node:test'
import { present } from '../kernel/assert.ts'
import { silentLog } from '../kernel/ports.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import { Crash, crashingStore, Life } from '../testing/crashing-store.ts'
import { fakeLookups, fakeType, fakeWorld } from '../testing/fake-resource-types.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { createStacks } from './create-stacks.ts'
import type { ResourceRequest } from './request-records.ts'
import type { ResourceRequests } from './resource-requests.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const typeName = 'Fake::Thing'
const asked = { typeName, clientToken: undefined }
const noObjects = { head: async () => undefined, read: async () => undefined }

/** A world with servers that die after a number of steps; each works on what the ones before it left. */
function bench() {
  const clock = manualClock()
  const store = memoryStore(clock)
  const world = fakeWorld()
  const random = seededRandom(7)

  function server(life: Life) {
    const thing = fakeType({ ...world, step: async () => life.step() })
    const context = {
      ...{ store: crashingStore(store, life), clock, random, log: silentLog },
      ...{ events: { publish() {} }, wake: { wake() {} } },
    }
    const fixed = { ...thing, name: 'Fake::Fixed', update: undefined } as never
    const describe = (): Promise<never> => Promise.reject(new Error('it cannot be seen'))
    const inventory = { identifier: 'Id', list: async () => [], describe }
    return createStacks(context, {
      types: () => [thing, fixed, { ...thing, name: 'Fake::Unseen', inventory }],
      ...{ lookups: fakeLookups, objects: noObjects },
    }).requests
  }

  async function work(requests: ResourceRequests, token: string): Promise<void> {
    const signal = new AbortController().signal
    await requests.reconciler.reconcile(keyOf(scope, token), signal)
  }

  const immortal = server(new Life(Infinity))
  return {
    ...{ clock, world, immortal, work, server },
    /** The request after servers with these lives, and one that lives on. */
    async end(token: string, lives: readonly number[] = []): Promise<ResourceRequest> {
      for (const steps of lives) {
        const attempt = work(server(new Life(steps)), token)
        await attempt.catch((thrown: unknown) => assert.ok(thrown instanceof Crash, String(thrown)))
      }
      await work(immortal, token)
      return immortal.find(scope, token)
    },
  }
}

const json = (value: unknown): string => JSON.stringify(value)

async function made(given: ReturnType<typeof bench>, value = 'one'): Promise<string> {
  const desiredState = json({ Value: value })
  const { token } = await given.immortal.create(scope, { ...asked, desiredState })
  return present((await given.end(token)).physicalId, 'it has an identifier')
}

test('a resource is made, told, changed by a patch and removed', async () => {
  const given = bench()
  const { immortal, world } = given
  const desiredState = json({ Value: 'one', Count: '3' })
  const begun = await immortal.create(scope, { ...asked, desiredState })
  assert.equal(begun.status, 'IN_PROGRESS')
  const { status, physicalId: identifier = '', model = '' } = await given.end(begun.token)
  assert.equal(status, 'SUCCESS')
  const whole = { Value: 'one', Count: 3, Arn: `arn:fake:${identifier}`, Id: identifier }
  assert.deepEqual(JSON.parse(model), whole)
  assert.deepEqual(await immortal.identifiers(scope, typeName), [identifier])

  const patchDocument = json([{ op: 'replace', path: '/Value', value: 'two' }])
  const change = await immortal.update(scope, { ...asked, identifier, patchDocument })
  assert.equal((await given.end(change.token)).status, 'SUCCESS')
  assert.deepEqual(world.live.get(identifier)?.properties, { Value: 'two', Count: 3 })

  const removal = await immortal.remove(scope, { ...asked, identifier })
  assert.equal((await given.end(removal.token)).status, 'SUCCESS')
  assert.equal(world.live.size, 0)
  const gone = await immortal.remove(scope, { ...asked, identifier })
  const { status: last, errorCode } = await given.end(gone.token)
  assert.deepEqual([last, errorCode], ['FAILED', 'NotFound'])
})

test('whenever a server dies, a request ends as it would have, once', async () => {
  for (let steps = 0; steps < 12; steps++) {
    const given = bench()
    const { immortal, world } = given
    const desiredState = json({ Value: 'one' })
    const { token } = await immortal.create(scope, { ...asked, desiredState })
    const creation = await given.end(token, [steps, steps + 1])
    assert.deepEqual([creation.status, world.live.size], ['SUCCESS', 1], `create, ${steps} steps`)

    const identifier = creation.physicalId ?? ''
    const patchDocument = json([{ op: 'add', path: '/Count', value: 2 }])
    const change = await immortal.update(scope, { ...asked, identifier, patchDocument })
    assert.equal((await given.end(change.token, [steps, 3])).status, 'SUCCESS')
    assert.deepEqual(world.live.get(identifier)?.properties, { Value: 'one', Count: 2 })

    const removal = await immortal.remove(scope, { ...asked, identifier })
    assert.equal((await given.end(removal.token, [steps])).status, 'SUCCESS', `${steps} steps`)
    assert.equal(world.live.size, 0)
    const again = await immortal.remove(scope, { ...asked, identifier })
    assert.equal((await given.end(again.token)).errorCode, 'NotFound', 'nothing holds it any more')
  }
})

test('a client token stands for one request, for 36 hours', async () => {
  const given = bench()
  const { immortal, clock } = given
  const create = (value: string) =>
    immortal.create(scope, { typeName, clientToken: 'mine', desiredState: json({ Value: value }) })
  const first = await create('one')
  assert.equal((await create('one')).token, first.token)
  await assert.rejects(create('two'), { code: 'ClientTokenConflictException' })
  await given.end(first.token)
  assert.equal((await create('one')).token, first.token)
  await clock.advance(36 * 3600_000)
  assert.notEqual((await create('two')).token, first.token)
})

test('what cannot be done is refused before anything is recorded', async () => {
  const given = bench()
  const { immortal } = given
  const identifier = await made(given)
  const create = (desiredState: string, name = typeName) =>
    immortal.create(scope, { typeName: name, clientToken: undefined, desiredState })
  const update = (patch: unknown, name = typeName) =>
    immortal.update(scope, {
      ...{ typeName: name, clientToken: undefined, identifier },
      patchDocument: json(patch),
    })
  await assert.rejects(create('{}', 'Fake::None'), { code: 'TypeNotFoundException' })
  await assert.rejects(create('{', typeName), { code: 'ValidationException' })
  await assert.rejects(create('[]', typeName), /expected type: JSONObject/)
  await assert.rejects(create('{"Colour":1}'), /extraneous key \[Colour\]/)
  await assert.rejects(create('{"Count":"many"}'), /#\/Count: expected type: Number/)
  await assert.rejects(update([], 'Fake::Fixed'), /Fake::Fixed does not support UPDATE action/)
  const arn = [{ op: 'replace', path: '/Arn', value: 'x' }]
  await assert.rejects(update(arn), /readOnlyProperties \[\/properties\/Arn\] cannot be updated/)
  const fixed = [{ op: 'add', path: '/Fixed', value: 'x' }]
  await assert.rejects(update(fixed), {
    code: 'NotUpdatableException',
    message: 'Invalid patch update: createOnlyProperties [/properties/Fixed] cannot be updated',
  })
  await assert.rejects(update([{ op: 'remove', path: '/None' }]), /nothing at \/None/)
  const gone = { ...asked, identifier: 'none', patchDocument: '[]' }
  await assert.rejects(immortal.update(scope, gone), { code: 'ResourceNotFoundException' })
  await assert.rejects(immortal.find(scope, 'none'), { code: 'RequestTokenNotFoundException' })
  assert.equal((await immortal.list(scope)).length, 1)
})

test('one request at a time works on a resource', async () => {
  const given = bench()
  const { immortal } = given
  const identifier = await made(given)
  const first = await immortal.remove(scope, { ...asked, identifier })
  await assert.rejects(immortal.remove(scope, { ...asked, identifier }), {
    code: 'ConcurrentOperationException',
  })
  assert.equal((await given.end(first.token)).status, 'SUCCESS')
})

test('a failure is told with its code, and a cancelled request says what it made', async () => {
  const given = bench()
  const { immortal, world, clock } = given
  const bad = await immortal.create(scope, { ...asked, desiredState: json({ Value: 'bad' }) })
  const failed = await given.end(bad.token)
  assert.deepEqual(
    [failed.status, failed.errorCode, failed.message],
    ['FAILED', 'GeneralServiceException', 'Thing is bad'],
  )
  await assert.rejects(immortal.cancel(scope, bad.token), {
    code: 'ConcurrentModificationException',
  })

  const early = await immortal.create(scope, { ...asked, desiredState: '{}' })
  assert.equal((await immortal.cancel(scope, early.token)).status, 'CANCEL_IN_PROGRESS')
  assert.equal((await given.end(early.token)).status, 'CANCEL_COMPLETE')
  assert.equal(world.live.size, 0)

  const late = await immortal.create(scope, { ...asked, desiredState: json({ Wait: 1000 }) })
  const working = given.work(immortal, late.token)
  await clock.settle()
  await immortal.cancel(scope, late.token)
  for (let round = 0; round < 10; round++) await clock.advance(1000)
  await working
  const { status, physicalId = '' } = await immortal.find(scope, late.token)
  assert.equal(status, 'CANCEL_COMPLETE')
  assert.ok(world.live.has(physicalId))
})

test('what cannot be looked at ends no request late', async () => {
  const given = bench()
  const { immortal, world } = given
  const unseen = { typeName: 'Fake::Unseen', clientToken: undefined }
  const creation = await immortal.create(scope, { ...unseen, desiredState: '{}' })
  const { status, physicalId: identifier = '', model } = await given.end(creation.token)
  assert.deepEqual([status, model, world.live.size], ['SUCCESS', undefined, 1])
  const removal = await immortal.remove(scope, { ...unseen, identifier })
  const over = await given.end(removal.token)
  assert.deepEqual([over.status, over.message], ['FAILED', 'it cannot be seen'])
})

test('what is long over is forgotten', async () => {
  const given = bench()
  const { immortal, clock } = given
  await made(given)
  await clock.advance(8 * 24 * 3600_000)
  for (const key of await immortal.reconciler.keys()) {
    await immortal.reconciler.reconcile(key, new AbortController().signal)
  }
  assert.deepEqual(await immortal.list(scope), [])
})

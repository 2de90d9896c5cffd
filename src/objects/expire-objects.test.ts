import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectsWorld } from '../testing/objects-world.ts'
import { objects as objectKind, olderVersions, bucketScope, uploads } from './stored-object.ts'

const scope = { account: '000000000000', region: 'eu-west-1' }
const dayMilliseconds = 24 * 3600 * 1000
const description = { headers: {}, metadata: {}, tags: [] }

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('bytes')
}

async function world(versioning: 'Enabled' | undefined) {
  const world = objectsWorld()
  const { buckets, objects, reconcilers, clock, multipart, store } = world
  await buckets.create(scope, 'box')
  if (versioning) await buckets.change(scope, 'box', (bucket) => ({ ...bucket, versioning }))
  const put = (key: string) =>
    objects.put(
      scope,
      { bucket: 'box', key },
      { body: bytes(), description, checksums: () => ({}) },
    )
  const lifecycle = reconcilers.find(({ name }) => name === 'objects/lifecycle')
  assert.ok(lifecycle)
  const look = async () => {
    for (const key of await lifecycle.keys()) {
      await lifecycle.reconcile(key, new AbortController().signal)
    }
  }
  const keys = async () =>
    (await store.list(objectKind, bucketScope)).map(({ value }) =>
      value.content ? value.key : `(${value.key})`,
    )
  return { buckets, put, look, keys, clock, multipart, store }
}

test('an older version goes after its days, counted from the newer one', async () => {
  const { buckets, put, look, clock, store } = await world('Enabled')
  const rule = { id: 'r', isEnabled: true, prefix: '', noncurrentDays: 2 }
  await buckets.changeSettings(scope, 'box', () => ({ lifecycle: [rule] }))
  await put('a')
  await put('lonely')
  await clock.advance(5 * dayMilliseconds)
  await put('a')
  await look()
  assert.equal((await store.list(olderVersions, bucketScope)).length, 1)
  await clock.advance(2 * dayMilliseconds)
  await look()
  assert.equal((await store.list(olderVersions, bucketScope)).length, 0)
})

test('objects below the prefix go after their days, and uploads that were left', async () => {
  const { buckets, put, look, keys, clock, multipart, store } = await world(undefined)
  const rule = { id: 'r', isEnabled: true, prefix: 'tmp/', expirationDays: 1, abortUploadDays: 1 }
  await buckets.changeSettings(scope, 'box', () => ({ lifecycle: [rule] }))
  await put('tmp/old')
  await put('kept')
  await multipart.start(scope, { bucket: 'box', key: 'tmp/upload' }, description)
  await multipart.start(scope, { bucket: 'box', key: 'upload' }, description)
  await clock.advance(dayMilliseconds)
  await put('tmp/new')
  await look()
  assert.deepEqual(await keys(), ['kept', 'tmp/new'])
  const left = (await store.list(uploads, bucketScope)).map(({ value }) => value.key)
  assert.deepEqual(left, ['upload'])
})

test('in a bucket with versions an expired object is hidden, not lost; a rule that is off does nothing', async () => {
  const { buckets, put, look, keys, clock, store } = await world('Enabled')
  const rule = { id: 'r', isEnabled: false, prefix: '', expirationDays: 1 }
  await buckets.changeSettings(scope, 'box', () => ({ lifecycle: [rule] }))
  await put('a')
  await clock.advance(dayMilliseconds)
  await look()
  assert.deepEqual(await keys(), ['a'])
  const on = { ...rule, isEnabled: true }
  await buckets.changeSettings(scope, 'box', () => ({ lifecycle: [on] }))
  await look()
  assert.deepEqual(await keys(), ['(a)'])
  assert.equal((await store.list(olderVersions, bucketScope)).length, 1)
})

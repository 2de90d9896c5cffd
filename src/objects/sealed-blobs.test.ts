import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import fc from 'fast-check'
import { objectsWorld } from '../testing/objects-world.ts'

const scope = { account: '000000000000', region: 'eu-west-1' }
const at = { bucket: 'box', key: 'text' }
const encryption = { algorithm: 'AES256' } as const
const description = { headers: {}, metadata: {}, tags: [] }

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 7) yield bytes.subarray(from, from + 7)
}

async function world() {
  const objects = objectsWorld()
  await objects.buckets.create(scope, at.bucket)
  await objects.buckets.changeSettings(scope, at.bucket, () => ({ encryption }))
  const put = (bytes: Uint8Array) =>
    objects.objects.put(scope, at, { body: pieces(bytes), description, checksums: () => ({}) })
  return { objects, put }
}

test('any range of a sealed object is what was put', async () => {
  const { objects, put } = await world()
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 100 }),
      fc.nat(99),
      fc.nat(99),
      async (bytes, one, other) => {
        const version = await put(bytes)
        assert.equal(version.content?.size, bytes.length)
        const start = Math.min(one, other) % bytes.length
        const end = Math.max(start, Math.max(one, other) % bytes.length)
        const { body } = await objects.objects.open(scope, at, () => ({ start, end }))
        assert.deepEqual(await buffer(body), Buffer.from(bytes.subarray(start, end + 1)))
      },
    ),
    { numRuns: 50 },
  )
})

test('what is at rest is not what was put, and its seal opens at its own place alone', async () => {
  const { objects, put } = await world()
  const bytes = Buffer.from('a text that nobody is to read on the disk')
  const { content } = await put(bytes)
  assert.ok(content?.seal)
  assert.equal(content.seal.algorithm, 'AES256')
  const raw = await objects.blobs.read(content.blobId)
  assert.ok(raw && !(await buffer(raw)).includes('nobody'))
  const copy = { bucket: at.bucket, key: 'copy' }
  const found = await objects.objects.require(scope, at)
  const copied = await objects.objects.copyBytes(scope, found, copy)
  assert.notEqual(copied.seal?.sealedKey, content.seal.sealedKey)
  assert.equal(copied.md5, content.etag)
})

test('parts are sealed each for itself, and are one sealed object', async () => {
  const { objects } = await world()
  const upload = await objects.multipart.start(scope, at, description)
  const big = Buffer.alloc(5 * 1024 * 1024, 'x')
  const part = async (number: number, bytes: Uint8Array) => ({
    number,
    etag: (await objects.multipart.putPart(scope, { ...upload, number }, whole(bytes))).etag,
  })
  const named = [await part(1, big), await part(2, Buffer.from('end'))]
  await objects.multipart.complete(scope, upload, named)
  const { body, content } = await objects.objects.open(scope, at)
  assert.ok(content.seal)
  assert.deepEqual(await buffer(body), Buffer.concat([big, Buffer.from('end')]))
})

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

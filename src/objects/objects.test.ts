import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import fc from 'fast-check'
import { objectsWorld, type ObjectsWorld } from '../testing/objects-world.ts'
import { ObjectsRefusal } from './refusal.ts'
import { uploads, bucketScope } from './stored-object.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const bucket = 'web'
const plain = { headers: {}, metadata: {}, tags: [] }
const signal = new AbortController().signal

function put(world: ObjectsWorld, key: string, text = key): Promise<{ versionId: string }> {
  return world.objects.put(
    scope,
    { bucket, key },
    { body: Readable.from([Buffer.from(text)]), description: plain, checksums: () => ({}) },
  )
}

async function worldOf(): Promise<ObjectsWorld> {
  const world = objectsWorld()
  await world.buckets.create(scope, bucket)
  return world
}

/** What a list ought to give, worked out from all keys at once. */
function naiveList(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const seen = new Set<string>()
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    seen.add(at < 0 ? key : key.slice(0, at + delimiter.length))
  }
  return [...seen].sort()
}

test('pages of any size hold what one list holds, in order', async () => {
  const keyCharacters = fc.constantFrom('a', 'b', '/', '-')
  const text = fc.string({ unit: keyCharacters, minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(text, { maxLength: 25 }),
      fc.record({
        prefix: fc.constantFrom('', 'a', 'a/', 'b/a'),
        delimiter: fc.constantFrom('', '/', '-', '/a'),
        itemsMax: fc.integer({ min: 1, max: 4 }),
      }),
      async (keys, request) => {
        const world = await worldOf()
        for (const key of keys) await put(world, key)
        const listed: string[] = []
        let after: string | undefined = ''
        while (after !== undefined) {
          const page = await world.listing.objects(scope, bucket, { ...request, after })
          const items = [...page.objects.map(({ key }) => key), ...page.commonPrefixes]
          assert.ok(items.length <= request.itemsMax)
          listed.push(...items.sort())
          after = page.next
        }
        assert.deepEqual(listed, naiveList(keys, request.prefix, request.delimiter))
      },
    ),
    { numRuns: 60 },
  )
})

test('any order of writes and removals keeps versions and bytes in step', async () => {
  const step = fc.constantFrom('put', 'remove', 'remove-newest', 'enable', 'suspend')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const world = await worldOf()
      for (const [index, each] of steps.entries()) await carryOut(world, each, String(index))
      const request = { prefix: '', delimiter: '', after: '', itemsMax: 1000 }
      const page = await world.listing.versions(scope, bucket, {
        ...request,
        afterVersionId: undefined,
      })
      const ids = page.versions.map(({ versionId }) => versionId)
      assert.equal(new Set(ids).size, ids.length)
      assert.deepEqual(
        page.versions.map(({ isLatest }) => isLatest),
        ids.map((_, index) => index === 0),
      )
      const referred = page.versions.flatMap(({ content }) => (content ? [content.blobId] : []))
      assert.deepEqual(referred.sort(), [...world.blobs.blobIds()].sort())
      for (const versionId of ids) {
        await world.objects.remove(scope, { bucket, key: 'k', versionId })
      }
      assert.deepEqual(world.blobs.blobIds(), [])
      await world.buckets.remove(scope, bucket)
    }),
    { numRuns: 150 },
  )
})

async function carryOut(world: ObjectsWorld, step: string, text: string): Promise<void> {
  if (step === 'put') await put(world, 'k', text)
  else if (step === 'remove') await world.objects.remove(scope, { bucket, key: 'k' })
  else if (step === 'remove-newest') {
    const found = await world.objects.require(scope, { bucket, key: 'k' }).catch(() => undefined)
    const versionId = found?.version.versionId
    if (versionId !== undefined) await world.objects.remove(scope, { bucket, key: 'k', versionId })
  } else {
    const versioning = step === 'enable' ? 'Enabled' : 'Suspended'
    await world.buckets.change(scope, bucket, (before) => ({ ...before, versioning }))
  }
}

test("a bucket and its objects are its own account's", async () => {
  const world = await worldOf()
  await put(world, 'k')
  const other = { account: '111111111111', region: 'us-east-1' }
  await assert.rejects(world.buckets.require(other, bucket), { code: 'AccessDenied' })
  await assert.rejects(world.buckets.create(other, bucket), { code: 'BucketAlreadyExists' })
  assert.equal(await world.reader.head(other, { bucket, key: 'k' }), undefined)
  assert.equal((await world.reader.head(scope, { bucket, key: 'k' }))?.size, 1)
})

test('an object written while its bucket is removed leaves no bytes', async () => {
  const world = await worldOf()
  const body = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from('late')
    await world.buckets.remove(scope, bucket)
  }
  const late = world.objects.put(
    scope,
    { bucket, key: 'k' },
    { body: body(), description: plain, checksums: () => ({}) },
  )
  await assert.rejects(late, ObjectsRefusal)
  assert.deepEqual(world.blobs.blobIds(), [])
})

test('the sweeper removes what nothing refers to, after an hour, and nothing else', async () => {
  const world = await worldOf()
  const [sweeper] = world.reconcilers
  await put(world, 'k')
  const upload = await world.multipart.start(scope, { bucket, key: 'u' }, plain)
  const at = { bucket, key: 'u', uploadId: upload.uploadId, number: 1 }
  await world.multipart.putPart(scope, at, Readable.from([Buffer.from('part')]))
  const { blobId } = await world.blobs.put(Readable.from([Buffer.from('orphan')]))
  await sweeper?.reconcile('all', signal)
  assert.equal(world.blobs.blobIds().length, 3)
  await world.clock.advance(3_600_001)
  await sweeper?.reconcile('all', signal)
  assert.equal(world.blobs.blobIds().length, 2)
  assert.ok(!world.blobs.blobIds().includes(blobId))

  const [record] = await world.store.list(uploads, bucketScope)
  if (record) await world.store.remove(record)
  await sweeper?.reconcile('all', signal)
  assert.equal(world.blobs.blobIds().length, 1)
})

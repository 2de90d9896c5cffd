import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import type { BlobStore } from '../../objects/blob.ts'

/** The blob contract. `open` gives a store that may hold other blobs already. */
export function blobConformance(name: string, open: () => Promise<BlobStore>): void {
  const bytesOf = async (body: Readable | undefined): Promise<Buffer> =>
    Buffer.concat((await body?.toArray()) ?? [])

  async function listed(blobs: BlobStore): Promise<Set<string>> {
    const ids = new Set<string>()
    for await (const { blobId } of blobs.list()) ids.add(blobId)
    return ids
  }

  test(`${name}: a blob is read as it was put, whole or in part`, async () => {
    const blobs = await open()
    const pieces = [randomBytes(100_000), randomBytes(1), randomBytes(70_000)]
    const bytes = Buffer.concat(pieces)
    const { blobId, size, md5 } = await blobs.put(Readable.from(pieces))
    assert.equal(size, bytes.length)
    assert.equal(md5, createHash('md5').update(bytes).digest('hex'))
    assert.ok(bytes.equals(await bytesOf(await blobs.read(blobId))))
    const part = await bytesOf(await blobs.read(blobId, { start: 99_999, end: 100_001 }))
    assert.ok(bytes.subarray(99_999, 100_002).equals(part))
    assert.ok((await listed(blobs)).has(blobId))
  })

  test(`${name}: an empty blob is a blob`, async () => {
    const blobs = await open()
    const { blobId, size } = await blobs.put(Readable.from([]))
    assert.equal(size, 0)
    assert.equal((await bytesOf(await blobs.read(blobId))).length, 0)
  })

  test(`${name}: what a body throws comes out, and nothing stays`, async () => {
    const blobs = await open()
    const before = await listed(blobs)
    async function* failing(): AsyncGenerator<Buffer> {
      yield Buffer.from('half')
      throw new RangeError('torn')
    }
    await assert.rejects(blobs.put(failing()), RangeError)
    assert.deepEqual(await listed(blobs), before)
  })

  test(`${name}: blobs are joined in order into a new one`, async () => {
    const blobs = await open()
    const one = await blobs.put(Readable.from([Buffer.from('one ')]))
    const two = await blobs.put(Readable.from([Buffer.from('two ')]))
    const joined = await blobs.concatenate([two.blobId, one.blobId, two.blobId])
    await blobs.remove(one.blobId)
    assert.equal((await bytesOf(await blobs.read(joined.blobId))).toString(), 'two one two ')
    assert.equal(joined.size, 12)
  })

  test(`${name}: a removed blob is gone, removing it again succeeds, and who reads it reads on`, async () => {
    const blobs = await open()
    const bytes = randomBytes(2_000_000)
    const { blobId } = await blobs.put(Readable.from([bytes]))
    const body = await blobs.read(blobId)
    await blobs.remove(blobId)
    await blobs.remove(blobId)
    assert.equal(await blobs.read(blobId), undefined)
    assert.ok(!(await listed(blobs)).has(blobId))
    assert.ok(bytes.equals(await bytesOf(body)))
  })
}

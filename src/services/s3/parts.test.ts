import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { objectsWorld } from '../../testing/objects-world.ts'
import { call } from '../../testing/fake-request.ts'
import { checksumAnswer, checksumsOfParts } from './checksums.ts'
import { s3Service } from './index.ts'
import { wantedBytes } from './wanted-bytes.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const large = 5 * 1024 * 1024
const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest()

test('an object is read part by part, and tells how many it has', async () => {
  const objects = objectsWorld()
  const service = s3Service({ objects })
  await call(service, 'CreateBucket', { Bucket: 'box' })
  const at = { bucket: 'box', key: 'k' }
  const upload = await objects.multipart.start(scope, at, { headers: {}, metadata: {}, tags: [] })
  const named = []
  for (const [index, size] of [large, large, 3].entries()) {
    const text = String(index).repeat(size)
    const sum = { ChecksumSHA256: sha256(text).toString('base64') }
    const place = { ...upload, number: index + 1 }
    const bytes = Readable.from([Buffer.from(text)])
    named.push(await objects.multipart.putPart(scope, place, bytes, () => sum))
  }
  const done = await objects.multipart.complete(scope, upload, named, {
    checksums: checksumsOfParts,
  })
  const { content } = done
  assert.ok(content)
  assert.deepEqual(content.partRuns, [
    { size: large, count: 2 },
    { size: 3, count: 1 },
  ])
  assert.deepEqual(wantedBytes({ PartNumber: 2 }, content), { start: large, end: 2 * large - 1 })
  assert.deepEqual(wantedBytes({ PartNumber: 3 }, content), {
    start: 2 * large,
    end: 2 * large + 2,
  })
  assert.throws(() => wantedBytes({ PartNumber: 4 }, content), { code: 'InvalidPartNumber' })
  const both = { PartNumber: 1, Range: 'bytes=0-1' }
  assert.throws(() => wantedBytes(both, content), { code: 'InvalidRequest' })
  const ofParts = named.map((part) => Buffer.from(part.checksums['ChecksumSHA256'] ?? '', 'base64'))
  assert.deepEqual(checksumAnswer(content.checksums), {
    ChecksumSHA256: `${sha256(Buffer.concat(ofParts)).toString('base64')}-3`,
    ChecksumType: 'COMPOSITE',
  })
  const ObjectAttributes = ['ETag', 'ObjectSize', 'ObjectParts']
  const told = { Bucket: 'box', Key: 'k', ObjectAttributes }
  const attributes = await call<object>(service, 'GetObjectAttributes', told)
  assert.deepEqual(attributes, {
    LastModified: new Date(done.lastModified),
    ETag: content.etag,
    ObjectParts: { TotalPartsCount: 3 },
    ObjectSize: 2 * large + 3,
  })
})

test('an object that came in one piece is its own part 1', () => {
  const whole = { size: 4 } as Parameters<typeof wantedBytes>[1]
  assert.deepEqual(wantedBytes({ PartNumber: 1 }, whole), { start: 0, end: 3 })
  assert.throws(() => wantedBytes({ PartNumber: 2 }, whole), { code: 'InvalidPartNumber' })
})

test('names that S3 keeps for itself are refused', async () => {
  const service = s3Service({ objects: objectsWorld() })
  for (const Bucket of ['xn--abc', 'sthree-abc', 'abc-s3alias', 'abc--ol-s3', 'abc.mrap']) {
    await assert.rejects(call(service, 'CreateBucket', { Bucket }), { code: 'InvalidBucketName' })
  }
})

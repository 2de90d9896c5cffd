import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { after, test } from 'node:test'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  paginateListObjectsV2,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { memoryStore } from '../../src/testing/memory-store.ts'
import { accessKeyId, s3Fixture, secretAccessKey } from './s3-fixture.ts'

const fixture = await s3Fixture(memoryStore())
const client = new S3Client({
  endpoint: fixture.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId, secretAccessKey },
})
after(async () => {
  client.destroy()
  await fixture.close()
})

let bucketsMade = 0
async function newBucket(): Promise<string> {
  const Bucket = `bucket-${++bucketsMade}`
  await client.send(new CreateBucketCommand({ Bucket }))
  return Bucket
}

async function put(Bucket: string, Key: string, Body = Key): Promise<string | undefined> {
  return (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId
}

async function textOf(Bucket: string, Key: string, VersionId?: string): Promise<string> {
  const at = VersionId === undefined ? { Bucket, Key } : { Bucket, Key, VersionId }
  const { Body } = await client.send(new GetObjectCommand(at))
  return (await Body?.transformToString()) ?? ''
}

function named(name: string, status: number): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof Error)
    const { $metadata } = thrown as unknown as { $metadata: { httpStatusCode: number } }
    assert.deepEqual([thrown.name, $metadata?.httpStatusCode], [name, status])
    return true
  }
}

async function blobCount(): Promise<number> {
  let count = 0
  for await (const _blob of fixture.blobs.list()) count++
  return count
}

test('a bucket is made once, told of, tagged and removed when empty', async () => {
  const Bucket = await newBucket()
  assert.equal((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion, 'us-east-1')
  const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket }))
  assert.equal(LocationConstraint ?? '', '')
  await client.send(new CreateBucketCommand({ Bucket }))
  const elsewhere = { LocationConstraint: 'eu-west-1' } as const
  await assert.rejects(
    client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: elsewhere })),
    named('BucketAlreadyOwnedByYou', 409),
  )
  for (const region of ['mars-north-1', 'us-east-1', 'nowhere']) {
    const nowhere = { LocationConstraint: region as 'eu-west-1' }
    await assert.rejects(
      client.send(new CreateBucketCommand({ Bucket: 'x1y', CreateBucketConfiguration: nowhere })),
      named('InvalidLocationConstraint', 400),
    )
  }
  const { Buckets } = await client.send(new ListBucketsCommand({}))
  assert.ok(Buckets?.some(({ Name }) => Name === Bucket))
  await assert.rejects(
    client.send(new GetBucketEncryptionCommand({ Bucket })),
    named('ServerSideEncryptionConfigurationNotFoundError', 404),
  )
  await assert.rejects(
    client.send(new GetBucketTaggingCommand({ Bucket })),
    named('NoSuchTagSet', 404),
  )
  const TagSet = [{ Key: 'a', Value: 'b' }]
  await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
  assert.deepEqual((await client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, TagSet)
  await put(Bucket, 'a')
  await assert.rejects(
    client.send(new DeleteBucketCommand({ Bucket })),
    named('BucketNotEmpty', 409),
  )
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
  await client.send(new DeleteBucketCommand({ Bucket }))
  await assert.rejects(client.send(new HeadBucketCommand({ Bucket })), named('NotFound', 404))
  await assert.rejects(
    client.send(new CreateBucketCommand({ Bucket: 'Not_A_Name' })),
    named('InvalidBucketName', 400),
  )
})

test('an object comes back as it was put, with all that it says of itself', async () => {
  const Bucket = await newBucket()
  const Key = 'ünï code/✓ +&?#%.txt'
  const Body = randomBytes(300_000)
  const description = {
    ContentType: 'text/x-test',
    CacheControl: 'no-cache',
    ContentDisposition: 'attachment',
    ContentLanguage: 'de',
    ContentEncoding: 'identity',
    Metadata: { one: '1', 'two-words': 'a b' },
  }
  const made = await client.send(
    new PutObjectCommand({ Bucket, Key, Body, ...description, Tagging: 'a=1&b=2' }),
  )
  const found = await client.send(new GetObjectCommand({ Bucket, Key }))
  assert.deepEqual(Buffer.from((await found.Body?.transformToByteArray()) ?? []), Body)
  for (const [member, value] of Object.entries(description)) {
    assert.deepEqual(found[member as keyof typeof description], value)
  }
  assert.equal(found.ETag, made.ETag)
  assert.equal(found.ContentLength, Body.length)
  assert.equal(found.ChecksumCRC32, made.ChecksumCRC32)
  assert.equal(found.TagCount, 2)
  const head = await client.send(new HeadObjectCommand({ Bucket, Key }))
  assert.equal(head.ContentLength, Body.length)
  const TagSet = [{ Key: 'c', Value: '3' }]
  await client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }))
  assert.deepEqual((await client.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet, TagSet)
})

test('a body of unknown checksum streams in, and its trailer is kept', async () => {
  const Bucket = await newBucket()
  const pieces = Array.from({ length: 20 }, () => randomBytes(100_000))
  const Body = Readable.from(pieces)
  const ContentLength = 2_000_000
  const made = await client.send(
    new PutObjectCommand({ Bucket, Key: 'a', Body, ContentLength, ChecksumAlgorithm: 'SHA256' }),
  )
  assert.equal(made.ChecksumType, 'FULL_OBJECT')
  const found = await client.send(
    new GetObjectCommand({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' }),
  )
  assert.equal(found.ChecksumSHA256, made.ChecksumSHA256)
  assert.deepEqual(
    Buffer.from((await found.Body?.transformToByteArray()) ?? []),
    Buffer.concat(pieces),
  )
})

test('a body that is not what was promised leaves nothing', async () => {
  const Bucket = await newBucket()
  const before = await blobCount()
  await assert.rejects(
    client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'a',
        Body: 'abc',
        ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==',
      }),
    ),
    named('BadDigest', 400),
  )
  await assert.rejects(textOf(Bucket, 'a'), named('NoSuchKey', 404))
  assert.equal(await blobCount(), before)
})

test('ranges give their bytes, and conditions decide', async () => {
  const Bucket = await newBucket()
  await put(Bucket, 'a', '0123456789')
  const at = { Bucket, Key: 'a' }
  const expected = { 'bytes=2-4': '234', 'bytes=7-': '789', 'bytes=-3': '789', 'bytes=8-99': '89' }
  for (const [Range, text] of Object.entries(expected)) {
    const found = await client.send(new GetObjectCommand({ ...at, Range }))
    assert.equal(found.$metadata.httpStatusCode, 206)
    assert.equal(await found.Body?.transformToString(), text)
  }
  await assert.rejects(
    client.send(new GetObjectCommand({ ...at, Range: 'bytes=10-' })),
    named('InvalidRange', 416),
  )
  const { ETag = '', LastModified } = await client.send(new HeadObjectCommand(at))
  await client.send(new HeadObjectCommand({ ...at, IfMatch: ETag }))
  const refusals = [
    [{ IfNoneMatch: ETag }, 304],
    [{ IfModifiedSince: LastModified }, 304],
    [{ IfMatch: '"other"' }, 412],
    [{ IfUnmodifiedSince: new Date(0) }, 412],
  ] as const
  for (const [condition, status] of refusals) {
    await assert.rejects(
      client.send(new GetObjectCommand({ ...at, ...condition })),
      (thrown: { $metadata: { httpStatusCode: number } }) =>
        thrown.$metadata.httpStatusCode === status,
    )
  }
  await assert.rejects(
    client.send(new PutObjectCommand({ ...at, Body: 'x', IfNoneMatch: '*' })),
    named('PreconditionFailed', 412),
  )
  await client.send(new PutObjectCommand({ ...at, Body: 'x', IfMatch: ETag }))
})

test('lists go in order, by prefix and delimiter, over pages', async () => {
  const Bucket = await newBucket()
  const keys = ['a', 'b/1', 'b/2', 'b/c/1', 'c d', 'c+d', 'd/1', 'e', 'é', '\u{1f680}']
  for (const key of keys.toReversed()) await put(Bucket, key)
  const pages = paginateListObjectsV2({ client, pageSize: 2 }, { Bucket, Delimiter: '/' })
  const listed: string[][] = []
  for await (const { Contents = [], CommonPrefixes = [] } of pages) {
    listed.push([
      ...Contents.map(({ Key = '' }) => Key),
      ...CommonPrefixes.map(({ Prefix = '' }) => Prefix),
    ])
  }
  assert.deepEqual(listed, [
    ['a', 'b/'],
    ['c d', 'c+d'],
    ['e', 'd/'],
    ['é', '\u{1f680}'],
  ])
  const under = await client.send(
    new ListObjectsCommand({ Bucket, Prefix: 'b/', Delimiter: '/', EncodingType: 'url' }),
  )
  assert.deepEqual(
    under.Contents?.map(({ Key }) => Key),
    ['b/1', 'b/2'],
  )
  assert.deepEqual(under.CommonPrefixes, [{ Prefix: 'b/c/' }])
  const encoded = await client.send(
    new ListObjectsCommand({ Bucket, Marker: 'b/c/1', MaxKeys: 2, EncodingType: 'url' }),
  )
  assert.deepEqual(
    encoded.Contents?.map(({ Key }) => Key),
    ['c%20d', 'c%2Bd'],
  )
  assert.equal(encoded.IsTruncated, true)
})

test('versions are kept, listed newest first, read and removed one by one', async () => {
  const Bucket = await newBucket()
  await put(Bucket, 'a', 'before')
  const VersioningConfiguration = { Status: 'Enabled' } as const
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }))
  assert.equal(Status, 'Enabled')
  const first = await put(Bucket, 'a', 'first')
  const second = await put(Bucket, 'a', 'second')
  const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
  assert.equal(marker.DeleteMarker, true)
  await assert.rejects(textOf(Bucket, 'a'), named('NoSuchKey', 404))
  assert.equal(await textOf(Bucket, 'a', first), 'first')
  assert.equal(await textOf(Bucket, 'a', 'null'), 'before')

  const all = await client.send(new ListObjectVersionsCommand({ Bucket }))
  assert.deepEqual(
    all.Versions?.map(({ VersionId }) => VersionId),
    [second, first, 'null'],
  )
  assert.deepEqual(
    all.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
    [[marker.VersionId, true]],
  )
  const paged = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2 }))
  assert.deepEqual([paged.NextKeyMarker, paged.NextVersionIdMarker], ['a', second])
  const rest = await client.send(
    new ListObjectVersionsCommand({
      Bucket,
      KeyMarker: paged.NextKeyMarker,
      VersionIdMarker: paged.NextVersionIdMarker,
    }),
  )
  assert.deepEqual(
    rest.Versions?.map(({ VersionId }) => VersionId),
    [first, 'null'],
  )

  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: marker.VersionId }))
  assert.equal(await textOf(Bucket, 'a'), 'second')
  const Objects = [second, first, 'null'].map((VersionId) => ({ Key: 'a', VersionId }))
  const removed = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  assert.equal(removed.Deleted?.length, 3)
  await client.send(new DeleteBucketCommand({ Bucket }))
})

test('parts become one object, and bad ones are refused', async () => {
  const Bucket = await newBucket()
  const at = { Bucket, Key: 'big' }
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...at, Metadata: { m: '1' } }),
  )
  const bodies = [randomBytes(5 * 1024 * 1024), randomBytes(1000)]
  const Parts = []
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1
    const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }))
    Parts.push({ PartNumber, ETag })
  }
  const listed = await client.send(new ListPartsCommand({ ...at, UploadId }))
  assert.deepEqual(
    listed.Parts?.map(({ Size }) => Size),
    bodies.map(({ length }) => length),
  )
  const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket }))
  assert.equal(uploads.Uploads?.[0]?.UploadId, UploadId)
  const complete = (parts: { PartNumber: number; ETag: string | undefined }[]) =>
    client.send(
      new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: parts } }),
    )
  await assert.rejects(complete(Parts.toReversed()), named('InvalidPartOrder', 400))
  await assert.rejects(complete([{ PartNumber: 1, ETag: '"wrong"' }]), named('InvalidPart', 400))
  const made = await complete(Parts)
  assert.match(made.ETag ?? '', /^"[0-9a-f]{32}-2"$/)
  const found = await client.send(new GetObjectCommand(at))
  const bytes = Buffer.from((await found.Body?.transformToByteArray()) ?? [])
  assert.ok(bytes.equals(Buffer.concat(bodies)))
  assert.deepEqual(found.Metadata, { m: '1' })
  await assert.rejects(complete(Parts), named('NoSuchUpload', 404))
})

test('too small parts and abandoned uploads leave nothing behind', async () => {
  const Bucket = await newBucket()
  await put(Bucket, 'source', '0123456789')
  const before = await blobCount()
  const at = { Bucket, Key: 'x' }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(at))
  const Parts = []
  for (const PartNumber of [1, 2]) {
    const { CopyPartResult } = await client.send(
      new UploadPartCopyCommand({
        ...at,
        UploadId,
        PartNumber,
        CopySource: `${Bucket}/source`,
        CopySourceRange: 'bytes=2-4',
      }),
    )
    Parts.push({ PartNumber, ETag: CopyPartResult?.ETag })
  }
  const MultipartUpload = { Parts }
  await assert.rejects(
    client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload })),
    named('EntityTooSmall', 400),
  )
  await client.send(new AbortMultipartUploadCommand({ ...at, UploadId }))
  assert.equal(await blobCount(), before)
})

test('a copy has bytes of its own and the description it is told to have', async () => {
  const Bucket = await newBucket()
  const CopySource = `${Bucket}/${encodeURIComponent('a b+c')}`
  await client.send(
    new PutObjectCommand({ Bucket, Key: 'a b+c', Body: 'text', Metadata: { m: '1' } }),
  )
  await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }))
  await client.send(
    new CopyObjectCommand({
      Bucket,
      Key: 'other',
      CopySource,
      MetadataDirective: 'REPLACE',
      Metadata: { n: '2' },
    }),
  )
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a b+c' }))
  assert.equal(await textOf(Bucket, 'copy'), 'text')
  const metadataOf = async (Key: string): Promise<unknown> =>
    (await client.send(new HeadObjectCommand({ Bucket, Key }))).Metadata
  assert.deepEqual([await metadataOf('copy'), await metadataOf('other')], [{ m: '1' }, { n: '2' }])
})

test('what is not honoured is refused by name', async () => {
  const Bucket = await newBucket()
  const byKey = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/mine' } as const
  const refused = client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', ...byKey }))
  await assert.rejects(refused, { name: 'NotImplemented', message: /SSEKMSKeyId/ })
})

test('a presigned address serves whoever has it', async () => {
  const Bucket = await newBucket()
  const upload = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'a' }))
  assert.equal((await fetch(upload, { method: 'PUT', body: 'shared' })).status, 200)
  const url = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'a' }))
  assert.equal(await (await fetch(url)).text(), 'shared')
})

test('overwriting and removing frees the bytes', async () => {
  const Bucket = await newBucket()
  const before = await blobCount()
  for (const text of ['1', '2', '3']) await put(Bucket, 'a', text)
  assert.equal(await blobCount(), before + 1)
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
  assert.equal(await blobCount(), before)
})

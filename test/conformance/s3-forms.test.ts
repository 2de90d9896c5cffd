import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import http from 'node:http'
import { after, before, test } from 'node:test'
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { SignatureV4 } from '@smithy/signature-v4'
import { memoryStore } from '../../src/testing/memory-store.ts'
import { accessKeyId, s3Fixture, secretAccessKey } from './s3-fixture.ts'

const region = 'us-east-1'
const credentials = { accessKeyId, secretAccessKey }
const fixture = await s3Fixture(memoryStore())
const client = new S3Client({ endpoint: fixture.endpoint, region, credentials })
const Bucket = 'forms'

before(() => client.send(new CreateBucketCommand({ Bucket })))
after(async () => {
  client.destroy()
  await fixture.close()
})

class Sha256 {
  private readonly hash
  constructor(secret?: string | Uint8Array) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret)
  }
  update(bytes: Uint8Array | string): void {
    this.hash.update(bytes)
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest()
  }
}

interface Order {
  readonly conditions?: readonly unknown[]
  readonly fields?: Readonly<Record<string, string>>
  readonly policy?: object
}

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString()

/** The fields that the official SDK's createPresignedPost makes, signed by its signer. */
async function signedFields(key: string, order: Order = {}): Promise<Record<string, string>> {
  const signingDate = new Date()
  const time = signingDate.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const fields = {
    bucket: Bucket,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${time.slice(0, 8)}/${region}/s3/aws4_request`,
    'X-Amz-Date': time,
    ...order.fields,
  }
  const simple = Object.entries(fields).map(([name, value]) => ({ [name]: value }))
  const ofKey = key.endsWith('${filename}')
    ? ['starts-with', '$key', key.slice(0, -'${filename}'.length)]
    : { key }
  const conditions = [...(order.conditions ?? []), ...simple, ofKey]
  const document = order.policy ?? { expiration: inAnHour(), conditions }
  const Policy = Buffer.from(JSON.stringify(document)).toString('base64')
  const signer = new SignatureV4({ service: 's3', region, sha256: Sha256 as never, credentials })
  const signature = await signer.sign(Policy, { signingDate })
  return { ...fields, key, Policy, 'X-Amz-Signature': signature }
}

/** As a browser sends a form; status, code of the error, and headers. */
async function upload(fields: Readonly<Record<string, string>>, body = 'bytes', name = 'a.txt') {
  const form = new FormData()
  for (const [field, value] of Object.entries(fields)) form.append(field, value)
  form.append('file', new Blob([body]), name)
  form.append('submit', 'unheeded')
  const url = `${fixture.endpoint}/${Bucket}`
  const response = await fetch(url, { method: 'POST', body: form, redirect: 'manual' })
  const text = await response.text()
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1]
  return { status: response.status, code, text, headers: response.headers }
}

async function textOf(Key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
  return (await Body?.transformToString()) ?? ''
}

test('a signed form uploads its file, with all that its fields say of it', async () => {
  const described = { 'Content-Type': 'text/plain', 'x-amz-meta-colour': 'blue' }
  const conditions = [['content-length-range', 1, 2_000_000]]
  const large = 'line\r\n--'.repeat(100_000)
  const fields = await signedFields('in/${filename}', { fields: described, conditions })
  const answer = await upload(fields, large, 'große Datei.txt')
  assert.deepEqual([answer.status, answer.text], [204, ''])
  assert.equal(answer.headers.get('etag'), `"${createHash('md5').update(large).digest('hex')}"`)
  const Key = 'in/große Datei.txt'
  assert.equal(answer.headers.get('location'), `${fixture.endpoint}/${Bucket}/${encodeURI(Key)}`)
  assert.equal(await textOf(Key), large)
  const head = await client.send(new HeadObjectCommand({ Bucket, Key }))
  assert.deepEqual([head.ContentType, head.Metadata], ['text/plain', { colour: 'blue' }])
})

test('a form gets the status or the redirection that it asks for', async () => {
  const created = await upload(
    await signedFields('created', { fields: { success_action_status: '201' } }),
  )
  assert.equal(created.status, 201)
  assert.match(created.text, /<PostResponse><Location>http:\S+\/forms\/created<\/Location>/)
  assert.match(created.text, /<Bucket>forms<\/Bucket><Key>created<\/Key><ETag>/)
  const target = { success_action_redirect: 'https://example.com/done?a=b' }
  const sent = await upload(await signedFields('sent', { fields: target }), '')
  assert.equal(sent.status, 303)
  const { searchParams } = new URL(sent.headers.get('location') ?? '')
  assert.deepEqual(
    ['a', 'bucket', 'key', 'etag'].map((name) => searchParams.get(name)),
    ['b', Bucket, 'sent', '"d41d8cd98f00b204e9800998ecf8427e"'],
  )
})

test('a form that its policy does not let through uploads nothing', async () => {
  const without = (fields: Record<string, string>, gone: string) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => name !== gone))
  const good = await signedFields('no')
  const past = new Date(Date.now() - 1000).toISOString()
  const anyKey = ['starts-with', '$key', '']
  const sizes = (min: number, max: number) =>
    signedFields('no', { conditions: [['content-length-range', min, max]] })
  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    ['another key', { ...good, key: 'other' }, '403 AccessDenied'],
    ['a field that no condition names', { ...good, acl: 'private' }, '403 AccessDenied'],
    [
      'a wrong signature',
      { ...good, 'X-Amz-Signature': '0'.repeat(64) },
      '403 SignatureDoesNotMatch',
    ],
    [
      'another policy',
      { ...good, Policy: (await signedFields('x'))['Policy'] ?? '' },
      '403 SignatureDoesNotMatch',
    ],
    ['no signature', without(good, 'X-Amz-Signature'), '400 InvalidArgument'],
    ['no policy', without(good, 'Policy'), '400 InvalidArgument'],
    ['no key', without(good, 'key'), '400 InvalidArgument'],
    ['nobody', { key: 'no' }, '403 AccessDenied'],
    [
      'an unknown key',
      { key: 'no', policy: 'e30=', AWSAccessKeyId: 'AKIA0', signature: 'x' },
      '403 InvalidAccessKeyId',
    ],
    ['too large a file', await sizes(0, 4), '400 EntityTooLarge'],
    ['too small a file', await sizes(6, 10), '400 EntityTooSmall'],
    [
      'an expired policy',
      await signedFields('no', { policy: { expiration: past, conditions: [anyKey] } }),
      '403 AccessDenied',
    ],
    [
      'a policy that speaks of no bucket',
      await signedFields('no', { policy: { expiration: inAnHour(), conditions: [anyKey] } }),
      '403 AccessDenied',
    ],
    [
      'a policy without end',
      await signedFields('no', { policy: { conditions: [] } }),
      '400 InvalidPolicyDocument',
    ],
    [
      'a copy in disguise',
      await signedFields('no', { fields: { 'x-amz-copy-source': '/forms/in' } }),
      '501 NotImplemented',
    ],
  ]
  for (const [what, fields, expected] of cases) {
    const { status, code } = await upload(fields)
    assert.equal(`${status} ${code}`, expected, what)
  }
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }))
  assert.ok(Contents.every(({ Key }) => Key !== 'no' && Key !== 'other'))
})

test('the old way of signing a form is taken, too', async () => {
  const conditions = [{ bucket: Bucket }, { key: 'old' }]
  const document = JSON.stringify({ expiration: inAnHour(), conditions })
  const policy = Buffer.from(document).toString('base64')
  const signature = createHmac('sha1', secretAccessKey).update(policy).digest('base64')
  const fields = { key: 'old', AWSAccessKeyId: accessKeyId, policy, signature }
  assert.equal((await upload(fields)).status, 204)
  assert.equal(await textOf('old'), 'bytes')
  const forged = await upload({ ...fields, signature: Buffer.alloc(20).toString('base64') })
  assert.deepEqual([forged.status, forged.code], [403, 'SignatureDoesNotMatch'])
})

test('a bucket answers to its own host name, for clients and for forms', async () => {
  const { port } = new URL(fixture.endpoint)
  const virtual = new S3Client({ endpoint: `http://s3.localhost:${port}`, region, credentials })
  // Names below localhost are not resolved everywhere; browsers and most systems do.
  virtual.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { hostname: string; headers: Record<string, string> }
      assert.equal(request.hostname, `${Bucket}.s3.localhost`)
      request.hostname = '127.0.0.1'
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low', name: 'resolveHere' },
  )
  await virtual.send(new PutObjectCommand({ Bucket, Key: 'by/host', Body: 'virtual' }))
  assert.equal(await textOf('by/host'), 'virtual')
  virtual.destroy()

  const fields = await signedFields('by/form')
  const parts = Object.entries({ ...fields, file: 'posted' }).map(
    ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const status = await new Promise((resolve, reject) => {
    const headers = {
      host: `${Bucket}.s3.localhost:${port}`,
      'content-type': 'multipart/form-data; boundary=x',
    }
    http
      .request({ host: '127.0.0.1', port, method: 'POST', path: '/', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      .on('error', reject)
      .end(`${parts.join('')}--x--\r\n`)
  })
  assert.equal(status, 204)
  assert.equal(await textOf('by/form'), 'posted')
})

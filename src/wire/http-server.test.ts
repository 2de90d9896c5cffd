import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { AwsError } from '../kernel/errors.ts'
import { fakeKey, fakeService, fakeWire } from '../testing/fake-wire.ts'
import { systemClock } from '../kernel/system/clock.ts'
import type { Fields } from './shape.ts'
import type { Request } from './service.ts'

/** An in-memory S3 with hashes in place of contents, so that large objects stay out of memory. */
const objects = new Map<string, { size: number; sha256: string; metadata: unknown }>()
const pattern = Buffer.alloc(64 * 1024, 'evenkeel')
let headersAfterBody: Readonly<Record<string, string>> = {}
/** How far the client was ahead of the operation at most: what was in memory in between, sockets included. */
let leadBytesMax = 0
let bytesMade = 0

async function putObject(input: Fields, request: Request): Promise<object> {
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of input['Body'] as Readable) {
    size += (piece as Buffer).length
    hash.update(piece as Buffer)
    leadBytesMax = Math.max(leadBytesMax, bytesMade - size)
  }
  const sha256 = hash.digest('hex')
  objects.set(String(input['Key']), { size, sha256, metadata: input['Metadata'] })
  headersAfterBody = { ...request.headers }
  return { ETag: `"${sha256.slice(0, 32)}"` }
}

async function* patternOf(size: number): AsyncGenerator<Buffer> {
  for (let left = size; left > 0; left -= pattern.length) {
    const piece = pattern.subarray(0, Math.min(left, pattern.length))
    bytesMade += piece.length
    yield piece
  }
}

function found(input: Fields): { size: number; metadata: unknown } {
  const object = objects.get(String(input['Key']))
  if (!object) throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 })
  return object
}

function getObject(input: Fields, request: Request): object {
  const { size, metadata } = found(input)
  if (input['IfNoneMatch']) throw new AwsError('NotModified', 'Not Modified', { status: 304 })
  if (input['Range']) {
    request.setStatus(206)
    const Body = Buffer.from('part')
    return { Body, ContentLength: 4, ContentRange: `bytes 0-3/${size}` }
  }
  return { Body: Readable.from(patternOf(size)), ContentLength: size, Metadata: metadata }
}

const wire = fakeWire(
  [
    fakeService('s3', {
      PutObject: putObject,
      UploadPart: putObject,
      GetObject: getObject,
      HeadObject: (input) => ({ ContentLength: found(input).size }),
    }),
    fakeService('sqs', {
      SendMessage: (input) => ({
        MessageId: 'id',
        MD5OfMessageBody: createHash('md5').update(String(input['MessageBody'])).digest('hex'),
      }),
      CreateQueue: () => ({ QueueUrl: 'http://queue' }),
    }),
  ],
  { clock: systemClock },
)

const server = http.createServer((request, response) => void wire.handle(request, response))
server.on('checkContinue', (request: http.IncomingMessage, response: http.ServerResponse) => {
  void wire.handle(request, response)
})
let endpoint = ''
let s3: S3Client
let sqs: SQSClient

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const options = { endpoint, region: 'us-east-1', credentials: fakeKey, maxAttempts: 1 }
  s3 = new S3Client(options)
  sqs = new SQSClient(options)
})

after(() => {
  s3.destroy()
  sqs.destroy()
  server.close()
  server.closeAllConnections()
})

const megabyte = 1024 * 1024

test('a streamed upload of the SDK is checked by its trailer, and no more than pieces of it are in memory', async () => {
  const ContentLength = 64 * megabyte
  bytesMade = 0
  leadBytesMax = 0
  await s3.send(
    new PutObjectCommand({
      Bucket: 'bucket',
      Key: 'large é',
      Body: Readable.from(patternOf(ContentLength), { objectMode: false }),
      ContentLength,
      Metadata: { name: 'value' },
    }),
  )
  assert.ok(leadBytesMax < 16 * megabyte, `${leadBytesMax / megabyte} MiB`)
  const stored = objects.get('large é')
  const hash = createHash('sha256')
  for await (const piece of patternOf(ContentLength)) hash.update(piece)
  assert.equal(stored?.size, ContentLength)
  assert.equal(stored.sha256, hash.digest('hex'))
  assert.deepEqual({ ...(stored.metadata as object) }, { name: 'value' })
  assert.equal(headersAfterBody['content-length'], String(ContentLength))
  assert.equal(headersAfterBody['content-encoding'], undefined)
  assert.match(headersAfterBody['x-amz-checksum-crc32'] ?? '', /^.{6}==$/)
})

test('a streamed download, a range, a HEAD and errors reach the SDK', async () => {
  const whole = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'large é' }))
  let size = 0
  for await (const piece of whole.Body as Readable) size += (piece as Buffer).length
  assert.equal(size, 64 * megabyte)
  assert.deepEqual(whole.Metadata, { name: 'value' })
  const part = await s3.send(
    new GetObjectCommand({ Bucket: 'bucket', Key: 'large é', Range: 'bytes=0-3' }),
  )
  assert.equal(part.$metadata.httpStatusCode, 206)
  assert.equal(await part.Body?.transformToString(), 'part')
  const head = await s3.send(new HeadObjectCommand({ Bucket: 'bucket', Key: 'large é' }))
  assert.equal(head.ContentLength, 64 * megabyte)
  const missing = { Bucket: 'bucket', Key: 'nothing' }
  await assert.rejects(s3.send(new GetObjectCommand(missing)), { name: 'NoSuchKey' })
  await assert.rejects(s3.send(new HeadObjectCommand(missing)), { name: 'NotFound' })
})

test('each checksum algorithm is computed as the SDK computes it', async () => {
  for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
    for (const Body of ['123456789', '', 'x'.repeat(100_000)]) {
      const part = {
        Bucket: 'bucket',
        Key: 'part',
        UploadId: '1',
        PartNumber: 1,
        ChecksumAlgorithm,
      }
      await s3.send(new UploadPartCommand({ ...part, Body })).catch((thrown: unknown) => {
        // The client has CRC64NVME only with a package of native code.
        if (ChecksumAlgorithm !== 'CRC64NVME') throw thrown
      })
    }
  }
})

test('a wrong checksum, hash or length refuses the upload before it is acknowledged', async () => {
  const url = new URL(await presignedPut('refused'))
  const put = async (headers: Record<string, string>, body = 'content'): Promise<string> => {
    const response = await fetch(url, { method: 'PUT', headers, body })
    return `${response.status} ${/<Code>(.*?)</.exec(await response.text())?.[1] ?? ''}`
  }
  objects.delete('refused')
  assert.equal(await put({ 'content-md5': Buffer.alloc(16).toString('base64') }), '400 BadDigest')
  assert.equal(await put({ 'content-md5': 'short' }), '400 InvalidDigest')
  assert.equal(objects.get('refused'), undefined)
  const md5 = createHash('md5').update('content').digest('base64')
  assert.equal(await put({ 'content-md5': md5 }), '200 ')
  assert.equal(objects.get('refused')?.size, 7)
})

function presignedPut(key: string): Promise<string> {
  return getSignedUrl(s3, new PutObjectCommand({ Bucket: 'bucket', Key: key }), { expiresIn: 60 })
}

test('SQS answers on a connection that stays open', async () => {
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'hello' }))
  assert.equal(sent.MessageId, 'id')
  const created = await sqs.send(new CreateQueueCommand({ QueueName: 'name' }))
  assert.equal(created.QueueUrl, 'http://queue')
})

/** Sends bytes as they are; gives everything that comes back until the connection ends. */
async function raw(text: string, more?: (answer: string) => string | undefined): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8')
  socket.write(text)
  for await (const piece of socket) {
    answer += String(piece)
    const next = more?.(answer)
    if (next !== undefined) socket.write(next)
  }
  return answer
}

test('a client that waits for 100 Continue is told to go on only when its body is wanted', async () => {
  const { pathname, search } = new URL(await presignedPut('waiting'))
  const head = (path: string): string =>
    `PUT ${path} HTTP/1.1\r\nHost: ${endpoint.slice(7)}\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n`
  let isSent = false
  const taken = await raw(head(pathname + search), (answer) => {
    if (isSent || !answer.includes('100 Continue')) return undefined
    isSent = true
    return 'hello'
  })
  assert.match(taken, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/)
  assert.equal(objects.get('waiting')?.size, 5)
  const refused = await raw(head('/bucket/waiting'))
  assert.match(refused, /^HTTP\/1\.1 403 Forbidden/)
  assert.ok(!refused.includes('100 Continue'))
})

test('an upload whose connection breaks is not acknowledged', async () => {
  const { pathname, search } = new URL(await presignedPut('broken'))
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(
    `PUT ${pathname + search} HTTP/1.1\r\nHost: ${endpoint.slice(7)}\r\nContent-Length: 100\r\n\r\nhalf`,
    () => socket.end(),
  )
  await new Promise((resolve) => socket.on('close', resolve).resume())
  assert.equal(objects.get('broken'), undefined)
})

test('an upload that stops in the middle is told so, and its connection ends', async () => {
  const { pathname, search } = new URL(await presignedPut('silent'))
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const reply = raw(
    `PUT ${pathname + search} HTTP/1.1\r\nHost: ${endpoint.slice(7)}\r\nContent-Length: 100\r\n\r\nhalf`,
  )
  const [socket] = await accepted
  while (socket.timeout !== 60_000) await new Promise((resolve) => setImmediate(resolve))
  socket.emit('timeout')
  assert.match(await reply, /^HTTP\/1\.1 400 Bad Request[^]*Connection: close[^]*RequestTimeout/)
  assert.equal(objects.get('silent'), undefined)
})

test('a service that nobody knows is an unknown operation, in the language it was asked in', async () => {
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials: fakeKey })
  client.middlewareStack.add(
    (next) => (context) => {
      const { headers } = context.request as { headers: Record<string, string> }
      headers['x-amz-target'] = 'Nobody_20200101.DoNothing'
      return next(context)
    },
    { step: 'build' },
  )
  await assert.rejects(client.send(new CreateQueueCommand({ QueueName: 'jobs' })), {
    name: 'UnknownOperationException',
  })
  client.destroy()
})

test('a presigned URL of the SDK takes any content, with the metadata that it was made for', async () => {
  const command = new PutObjectCommand({ Bucket: 'bucket', Key: 'signed', Metadata: { a: 'b' } })
  const url = await getSignedUrl(s3, command)
  assert.match(url, /x-amz-checksum-crc32=AAAAAA/)
  assert.equal((await fetch(url, { method: 'PUT', body: 'content' })).status, 200)
  assert.deepEqual({ ...(objects.get('signed')?.metadata as object) }, { a: 'b' })
})

test('a client whose body is refused while it sends reads the reply, and the connection goes on', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const post = (body: Buffer): Promise<{ status: number | undefined; port: number | undefined }> =>
    new Promise((resolve, reject) => {
      const headers = { 'x-amz-target': 'AmazonSQS.ListQueues', 'content-length': body.length }
      const request = http.request(endpoint, { method: 'POST', agent, headers }, (response) => {
        const port = response.socket.localPort
        response.resume().on('end', () => resolve({ status: response.statusCode, port }))
      })
      request.on('error', reject).end(body)
    })
  const refused = await post(Buffer.alloc(40 * megabyte))
  assert.equal(refused.status, 413)
  const next = await post(Buffer.from('{}'))
  assert.deepEqual(next, { status: 400, port: refused.port })
  agent.destroy()
})

test('a client that wants its connection closed reads the reply before it is', async () => {
  const body = Buffer.alloc(40 * megabyte)
  const headers = { 'x-amz-target': 'AmazonSQS.ListQueues', 'content-length': body.length }
  const status = await new Promise((resolve, reject) => {
    const request = http.request(
      endpoint,
      { method: 'POST', agent: false, headers },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode))
      },
    )
    request.on('error', reject).end(body)
  })
  assert.equal(status, 413)
})

test('an SDK whose signature is wrong reads so, however large its upload', async () => {
  const credentials = { ...fakeKey, secretAccessKey: 'wrong' }
  const client = new S3Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
  const ContentLength = 32 * megabyte
  const Body = Readable.from(patternOf(ContentLength), { objectMode: false })
  const put = new PutObjectCommand({ Bucket: 'bucket', Key: 'refused', Body, ContentLength })
  await assert.rejects(client.send(put), { name: 'SignatureDoesNotMatch' })
  client.destroy()
})

test('a reply without a body has none', async () => {
  const url = await getSignedUrl(
    s3,
    new GetObjectCommand({ Bucket: 'bucket', Key: 'large é', IfNoneMatch: 'x' }),
    { unhoistableHeaders: new Set(['if-none-match']) },
  )
  const response = await fetch(url, { headers: { 'if-none-match': 'x' } })
  assert.equal(response.status, 304)
  assert.equal(await response.text(), '')
  assert.ok(response.headers.get('x-amz-request-id'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Readable } from 'node:stream'
import { exchangePlain, fakeService, fakeWire, type PlainRequest } from '../testing/fake-wire.ts'
import { checksumMakers } from './checksums.ts'
import { sha256Hex } from './sigv4.ts'

/** The check values of the algorithms' definitions: the checksum of `123456789`. */
const checkValues: Readonly<Record<string, string>> = {
  'x-amz-checksum-crc32': 'cbf43926',
  'x-amz-checksum-crc32c': 'e3069283',
  'x-amz-checksum-crc64nvme': 'ae8b14860a799888',
  'x-amz-checksum-sha1': 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  'x-amz-checksum-sha256': '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
  'content-md5': '25f9e794323b453885f5181f1b624d0b',
}

test('every checksum has the check value of its definition, however its bytes come', () => {
  assert.deepEqual(Object.keys(checkValues), Object.keys(checksumMakers))
  for (const [name, make] of Object.entries(checksumMakers)) {
    const whole = make()
    whole.update(Buffer.from('123456789'))
    assert.equal(Buffer.from(whole.digest(), 'base64').toString('hex'), checkValues[name], name)
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
        const once = make()
        const twice = make()
        once.update(Buffer.concat([first, second]))
        twice.update(first)
        twice.update(second)
        assert.equal(once.digest(), twice.digest())
      }),
    )
  }
})

let acknowledged = 0

async function readAll(body: unknown): Promise<void> {
  for await (const piece of body as Readable) void piece
}

function wireWith(read: (body: unknown) => Promise<void>): ReturnType<typeof fakeWire> {
  const handler = async (input: Record<string, unknown>): Promise<object> => {
    await read(input['Body'])
    acknowledged += 1
    return {}
  }
  return fakeWire([fakeService('s3', { PutObject: handler })], { authentication: 'off' })
}

const wires = {
  'that reads the body': wireWith(readAll),
  'that reads a part of the body': wireWith(async (body) => {
    const pieces = (body as Readable)[Symbol.asyncIterator]()
    await pieces.next()
  }),
  'that leaves the body alone': wireWith(async () => {}),
  'that hides what it was told': wireWith(async (body) => {
    await readAll(body).catch((cause: unknown) => {
      throw new Error('the disk failed', { cause })
    })
  }),
}

const chunked = {
  'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'x-amz-decoded-content-length': '7',
  'x-amz-trailer': 'x-amz-checksum-crc32',
}
const crc32 = '/sUwqQ=='

const refused: readonly [string, PlainRequest, string][] = [
  [
    'another SHA-256',
    { headers: { 'x-amz-content-sha256': sha256Hex('other') } },
    'XAmzContentSHA256Mismatch',
  ],
  ['another CRC32', { headers: { 'x-amz-checksum-crc32': 'AAAAAA==' } }, 'BadDigest'],
  ['an MD5 that is none', { headers: { 'content-md5': 'AAAA' } }, 'InvalidDigest'],
  ['too few bytes', { headers: { 'content-length': '8' } }, 'IncompleteBody'],
  ['too many bytes', { headers: { 'content-length': '6' } }, 'IncompleteBody'],
  [
    'too large an object',
    { headers: { 'content-length': String(6 * 1024 ** 3) } },
    'EntityTooLarge',
  ],
  [
    'another trailer',
    { headers: chunked, body: '7\r\ncontent\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n' },
    'BadDigest',
  ],
  ['no trailer', { headers: chunked, body: '7\r\ncontent\r\n0\r\n\r\n' }, 'IncompleteBody'],
  ['no last chunk', { headers: chunked, body: '7\r\ncontent\r\n' }, 'IncompleteBody'],
  [
    'another length in chunks',
    { headers: chunked, body: `3\r\ncon\r\n0\r\nx-amz-checksum-crc32:${crc32}\r\n\r\n` },
    'IncompleteBody',
  ],
  [
    'an unknown trailer',
    { headers: { ...chunked, 'x-amz-trailer': 'x-amz-other' } },
    'InvalidRequest',
  ],
  [
    'chunks without a length',
    { headers: { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' } },
    'MissingContentLength',
  ],
]

for (const [kind, wire] of Object.entries(wires)) {
  test(`an operation ${kind} cannot acknowledge what the client did not send`, async () => {
    for (const [what, request, code] of refused) {
      const put = { method: 'PUT', url: '/bucket/key', body: 'content', ...request }
      const reply = await exchangePlain(wire, put)
      assert.match(reply.body, new RegExp(`<Code>${code}<`), what)
    }
  })
}

test('what the client did send is acknowledged', async () => {
  acknowledged = 0
  const put = { method: 'PUT', url: '/bucket/key', body: 'content' }
  const good: readonly PlainRequest[] = [
    {},
    { headers: { 'content-length': '7', 'x-amz-content-sha256': sha256Hex('content') } },
    { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-checksum-crc32': crc32 } },
    { headers: chunked, body: `7\r\ncontent\r\n0\r\nx-amz-checksum-crc32:${crc32}\r\n\r\n` },
  ]
  for (const request of good) {
    const reply = await exchangePlain(wires['that reads the body'], { ...put, ...request })
    assert.equal(reply.status, 200, reply.body)
  }
  assert.equal(acknowledged, good.length)
})

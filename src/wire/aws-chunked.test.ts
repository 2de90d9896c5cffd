import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AwsError } from '../kernel/errors.ts'
import type { Authorization } from './authorization.ts'
import { decodeAwsChunked, type ChunkSigning } from './aws-chunked.ts'
import { signingKey } from './sigv4.ts'

/** The example of AWS's page "Signature calculations for the Authorization header: transferring payload in multiple chunks". */
const documented: Authorization = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  date: '20130524',
  region: 'us-east-1',
  service: 's3',
  signedHeaders: ['host'],
  signature: '',
  time: '20130524T000000Z',
  isPresigned: false,
  sessionToken: undefined,
  expiresSeconds: undefined,
}

function signingFrom(seed: string): ChunkSigning {
  return {
    key: signingKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', documented),
    seed,
    time: documented.time,
    scope: '20130524/us-east-1/s3/aws4_request',
  }
}

const seed = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9'
const content = Buffer.alloc(66_560, 'a')
const signedBody = Buffer.concat([
  Buffer.from(
    '10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n',
  ),
  content.subarray(0, 65_536),
  Buffer.from(
    '\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n',
  ),
  content.subarray(65_536),
  Buffer.from(
    '\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
  ),
])

async function* pieces(body: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size)
}

async function decode(
  body: AsyncIterable<Uint8Array>,
  trailers: Record<string, string> = {},
  signing?: ChunkSigning,
): Promise<Buffer> {
  const decoded: Buffer[] = []
  for await (const piece of decodeAwsChunked(body, trailers, signing)) decoded.push(piece)
  return Buffer.concat(decoded)
}

function refusal(code: string): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof AwsError && thrown.code === code
}

test("AWS's documented body of signed chunks is taken, however it is cut on its way", async () => {
  for (const size of [1000, 7, 70_000]) {
    assert.ok((await decode(pieces(signedBody, size), {}, signingFrom(seed))).equals(content))
  }
})

test('a changed byte, a changed signature and a left-out chunk are noticed', async () => {
  for (const at of [1000, 66_000, 30, signedBody.length - 10]) {
    const changed = Buffer.from(signedBody)
    changed[at] = changed[at]! ^ 1
    await assert.rejects(
      decode(pieces(changed, 4096), {}, signingFrom(seed)),
      refusal('SignatureDoesNotMatch'),
      `byte ${at}`,
    )
  }
  const second = signedBody.indexOf('\r\n400;') + 2
  const shortened = Buffer.concat([signedBody.subarray(0, second), signedBody.subarray(-86)])
  await assert.rejects(decode(pieces(shortened, 4096), {}, signingFrom(seed)))
})

const trailerSeed = '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e'
const trailerBody = Buffer.concat([
  Buffer.from(
    '10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n',
  ),
  content.subarray(0, 65_536),
  Buffer.from(
    '\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n',
  ),
  content.subarray(65_536),
  Buffer.from(
    '\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n' +
      'x-amz-checksum-crc32c:sOO8/Q==\r\n' +
      'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
  ),
])

test("AWS's documented trailer signature is taken, and a changed trailer is not", async () => {
  const trailers: Record<string, string> = {}
  const body = await decode(pieces(trailerBody, 999), trailers, signingFrom(trailerSeed))
  assert.ok(body.equals(content))
  assert.equal(trailers['x-amz-checksum-crc32c'], 'sOO8/Q==')
  const changed = Buffer.from(trailerBody)
  changed[changed.indexOf('sOO8')] = 116
  await assert.rejects(
    decode(pieces(changed, 999), {}, signingFrom(trailerSeed)),
    refusal('SignatureDoesNotMatch'),
  )
})

test('any content in any frames and any pieces comes out as it went in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 })),
      fc.integer({ min: 1, max: 50 }),
      async (chunks, size) => {
        const framed = Buffer.concat([
          ...chunks.flatMap((chunk) => [
            Buffer.from(`${chunk.length.toString(16)}\r\n`),
            chunk,
            Buffer.from('\r\n'),
          ]),
          Buffer.from('0\r\nx-amz-checksum-crc32: abc=\r\n\r\n'),
        ])
        const trailers: Record<string, string> = {}
        assert.ok((await decode(pieces(framed, size), trailers)).equals(Buffer.concat(chunks)))
        assert.deepEqual(trailers, { 'x-amz-checksum-crc32': 'abc=' })
      },
    ),
  )
})

test('a body that is cut off, or has no valid frames, is refused', async () => {
  for (const end of [0, 10, 100, 65_700, signedBody.length - 90]) {
    await assert.rejects(
      decode(pieces(signedBody.subarray(0, end), 512)),
      refusal('IncompleteBody'),
    )
  }
  const bad = ['xyz\r\n', '-1\r\n', `${'f'.repeat(20)}\r\n`, '3\r\nabcd\r\n', `${'a'.repeat(5000)}`]
  for (const text of bad) {
    await assert.rejects(
      decode(pieces(Buffer.from(text), 100)),
      (thrown) => thrown instanceof AwsError,
    )
  }
})

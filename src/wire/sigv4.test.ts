import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { readAuthorization } from './authorization.ts'
import { parsePairs } from './form.ts'
import { isSignedBy, sha256Hex } from './sigv4.ts'

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const signingDate = new Date('2026-11-22T10:00:00Z')

class Sha256 {
  readonly #hash
  constructor(key?: string | Uint8Array) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key)
  }
  update(bytes: string | Uint8Array): void {
    this.#hash.update(bytes)
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

function signer(service: string): SignatureV4 {
  return new SignatureV4({
    service,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: secret },
    sha256: Sha256 as never,
    uriEscapePath: service !== 's3',
  })
}

interface Sample {
  readonly path: readonly string[]
  readonly query: Readonly<Record<string, string>>
  readonly headerValue: string
  readonly body: string
}

const segments = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }) },
  { weight: 1, arbitrary: fc.constantFrom('', '.', '..') },
)

const samples: fc.Arbitrary<Sample> = fc.record({
  path: fc.array(segments, { maxLength: 4 }),
  query: fc.dictionary(
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
      .filter((name) => name !== '__proto__'),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    { maxKeys: 3 },
  ),
  headerValue: fc.string({ maxLength: 20 }),
  body: fc.string({ unit: 'grapheme' }),
})

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function queryText(query: Readonly<Record<string, unknown>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(String(value))}`)
    .join('&')
}

for (const service of ['sqs', 's3']) {
  test(`a header signature of the official signer is taken, and a changed request is not (${service})`, async () => {
    await fc.assert(
      fc.asyncProperty(samples, async (sample) => {
        const rawPath = `/${sample.path.map(encode).join('/')}`
        const payloadHash = sha256Hex(sample.body)
        const signed = await signer(service).sign(
          {
            method: 'PUT',
            protocol: 'http:',
            hostname: 'localhost',
            path: rawPath,
            query: sample.query,
            headers: {
              host: 'localhost',
              'x-custom': sample.headerValue,
              'x-amz-content-sha256': payloadHash,
            },
            body: sample.body,
          },
          { signingDate },
        )
        const query = parsePairs(queryText(sample.query))
        const authorization = readAuthorization(signed.headers, query)
        assert.ok(authorization && !('unreadable' in authorization))
        const request = { method: 'PUT', rawPath, query, headers: signed.headers, payloadHash }
        assert.ok(isSignedBy(secret, authorization, request))
        assert.ok(!isSignedBy(`${secret}x`, authorization, request))
        assert.ok(!isSignedBy(secret, authorization, { ...request, method: 'POST' }))
        assert.ok(!isSignedBy(secret, authorization, { ...request, rawPath: `${rawPath}x` }))
        assert.ok(
          !isSignedBy(secret, authorization, { ...request, payloadHash: sha256Hex('other') }),
        )
      }),
    )
  })

  test(`a presigned URL of the official signer is taken (${service})`, async () => {
    await fc.assert(
      fc.asyncProperty(samples, async (sample) => {
        const rawPath = `/${sample.path.map(encode).join('/')}`
        const presigned = await signer(service).presign(
          {
            method: 'GET',
            protocol: 'http:',
            hostname: 'localhost',
            path: rawPath,
            query: sample.query,
            headers: { host: 'localhost', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
          },
          { signingDate, expiresIn: 60 },
        )
        const query = parsePairs(queryText(presigned.query ?? {}))
        const authorization = readAuthorization({}, query)
        assert.ok(authorization && !('unreadable' in authorization))
        assert.equal(authorization.expiresSeconds, 60)
        const headers = { host: 'localhost' }
        const request = { method: 'GET', rawPath, query, headers, payloadHash: 'UNSIGNED-PAYLOAD' }
        assert.ok(isSignedBy(secret, authorization, request))
        const later = query.map(
          ([name, value]) => [name, name === 'X-Amz-Expires' ? '61' : value] as const,
        )
        assert.ok(!isSignedBy(secret, authorization, { ...request, query: later }))
      }),
    )
  })
}

test('a path that the client sent unencoded is taken when it was signed encoded', async () => {
  const signed = await signer('s3').sign(
    {
      method: 'GET',
      protocol: 'http:',
      hostname: 'localhost',
      path: '/bucket/a%28b%29',
      headers: { host: 'localhost', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    },
    { signingDate },
  )
  const authorization = readAuthorization(signed.headers, [])
  assert.ok(authorization && !('unreadable' in authorization))
  const request = {
    method: 'GET',
    query: [],
    headers: signed.headers,
    payloadHash: 'UNSIGNED-PAYLOAD',
  }
  assert.ok(isSignedBy(secret, authorization, { ...request, rawPath: '/bucket/a(b)' }))
})

test('what cannot be read as a signature says why', () => {
  const credential = 'AKIA/20261122/us-east-1/sqs/aws4_request'
  const cases: [string, RegExp][] = [
    ['AWS AKIA:abc', /authorization mechanism/],
    ['AWS4-HMAC-SHA256 Credential=x', /'SignedHeaders'/],
    [`AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature=00`, /Credential must/],
    [`AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00`, /date/],
    [`AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=date, Signature=00`, /date|Host/],
  ]
  for (const [authorization, why] of cases) {
    const read = readAuthorization({ authorization }, [])
    assert.ok(read && 'unreadable' in read)
    assert.match(read.unreadable, why)
  }
  assert.equal(readAuthorization({}, []), undefined)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SignatureV4 } from '@smithy/signature-v4'
import { createHash, createHmac, type Hash } from 'node:crypto'
import { encoded, signRequest } from './sign-request.ts'

const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret/Key+1' }
const now = Date.UTC(2026, 10, 22, 10, 11, 12)

class Sha256 {
  readonly #hash: Hash

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined
        ? createHash('sha256')
        : (createHmac('sha256', secret as Uint8Array) as unknown as Hash)
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

test("a signature is the one of AWS's own signer", async () => {
  for (const [service, path] of [
    ['codedeploy-commands', '/'],
    ['s3', `/bucket/${encoded("a b'c")}/x.zip?versionId=a%2Bb`],
  ] as const) {
    const url = new URL(`http://127.0.0.1:4566${path}`)
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'A.B' }
    const body = service === 's3' ? '' : '{}'
    const ours = signRequest(
      { method: 'POST', url, headers, body },
      { region: 'us-east-1', service, credentials, now },
    )
    const signer = new SignatureV4({
      credentials,
      region: 'us-east-1',
      service,
      sha256: Sha256,
      uriEscapePath: service !== 's3',
    })
    const theirs = await signer.sign(
      {
        method: 'POST',
        protocol: 'http:',
        hostname: '127.0.0.1',
        port: 4566,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: {
          ...headers,
          host: url.host,
          'x-amz-content-sha256': ours['x-amz-content-sha256'] ?? '',
        },
        body,
      },
      { signingDate: new Date(now) },
    )
    assert.equal(ours['authorization'], theirs.headers['authorization'])
  }
})

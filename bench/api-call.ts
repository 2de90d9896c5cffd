import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import autocannon from 'autocannon'
import type { Platform } from '../test/harness/platform.ts'

/** One request that can be sent again and again: its signature holds for minutes. */
export interface Call {
  readonly name: string
  readonly service: string
  readonly headers: Readonly<Record<string, string>>
  readonly method?: 'GET' | 'POST'
  readonly path?: string
  readonly body: string
}

/** Closed loops of `connections` that send the same signed call. */
export async function load(
  platform: Platform,
  call: Call,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<autocannon.Result> {
  return autocannon({
    url: `${platform.endpoint}${call.path ?? '/'}`,
    method: call.method ?? 'POST',
    headers: await signed(platform, call),
    ...(call.body === '' ? {} : { body: call.body }),
    connections,
    duration: seconds,
  })
}

class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret)
  }
  update(chunk: string | Uint8Array): void {
    this.#hash.update(chunk)
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest())
  }
  reset(): void {}
}

/** The headers of a signed request. */
export async function signed(platform: Platform, call: Call): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: call.service,
    region: 'us-east-1',
    credentials: platform.credentials,
    sha256: Sha256 as never,
    uriEscapePath: call.service !== 's3',
  })
  const out = await signer.sign({
    method: call.method ?? 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: platform.port,
    path: call.path ?? '/',
    query: {},
    headers: { host: `127.0.0.1:${platform.port}`, ...call.headers },
    body: call.body,
  })
  return out.headers
}

import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import http from 'node:http'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Platform } from './platform.ts'

/** A request as no client would make it: any bytes, signed by any key for any time. */
export interface RawRequest {
  readonly service: string
  readonly method?: string
  /** Path and query. */
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly region?: string
  /** The platform's own key unless given; `none` leaves the request unsigned. */
  readonly credentials?: Key | 'none'
  readonly signedAt?: Date
  /** What happens to the request after it was signed. */
  readonly afterwards?: {
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  }
}

export interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface RawAnswer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
  /** The error's code, in whatever protocol it came. */
  readonly code: string
  readonly message: string
}

/** Sends exactly these bytes to the endpoint. Resolves with whatever is answered, errors included. */
export async function raw(platform: Platform, request: RawRequest): Promise<RawAnswer> {
  const body = Buffer.from(request.body ?? '')
  const signed = await signatureOf(platform, request, body)
  const sent = request.afterwards?.body === undefined ? body : Buffer.from(request.afterwards.body)
  return send(platform, request, { ...signed, ...request.afterwards?.headers }, sent)
}

async function signatureOf(
  platform: Platform,
  request: RawRequest,
  body: Buffer,
): Promise<Record<string, string>> {
  const { credentials = platform.credentials, service, region = 'us-east-1' } = request
  const host = new URL(platform.endpoint).host
  const headers: Record<string, string> = { host, ...request.headers }
  if (service === 's3') {
    headers['x-amz-content-sha256'] ??= createHash('sha256').update(body).digest('hex')
  }
  if (credentials === 'none') return headers
  // Not by URL, which would take `..` out of the path.
  const [path = '/', search = ''] = (request.path ?? '/').split('?')
  const query: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(search)) query[name] = value
  const signer = new SignatureV4({
    credentials,
    region,
    service,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: service === 's3',
  })
  const signed = await signer.sign(
    {
      method: request.method ?? 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path,
      query,
      headers,
      body,
    },
    request.signedAt ? { signingDate: request.signedAt } : {},
  )
  return signed.headers
}

function send(
  platform: Platform,
  request: RawRequest,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = http.request(
      {
        host: '127.0.0.1',
        port: platform.port,
        method: request.method ?? 'POST',
        path: request.path ?? '/',
        agent: false,
        headers: { ...headers, 'content-length': String(body.length) },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () =>
          resolve({ ...readError(response, text), status: response.statusCode ?? 0 }),
        )
      },
    )
    sent.setTimeout(30_000, () => sent.destroy(new Error('no answer within 30 s')))
    sent.on('error', reject)
    sent.end(body)
  })
}

function readError(response: http.IncomingMessage, body: string): Omit<RawAnswer, 'status'> {
  const { headers } = response
  const inXml = /<Code>([^<]*)<\/Code>/.exec(body)?.[1]
  const inJson = /"__type":"(?:[^"#]*#)?([^"]*)"/.exec(body)?.[1]
  const message =
    /<Message>([^<]*)<\/Message>/.exec(body)?.[1] ??
    /"[mM]essage":"((?:[^"\\]|\\.)*)"/.exec(body)?.[1]
  return { headers, body, code: inXml ?? inJson ?? '', message: message ?? '' }
}

/** The hash that the signer asks for. */
class Sha256 {
  readonly #hash: Hash | Hmac

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array)
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {}
}

/** A form as the query protocols send it. */
export function form(service: string, pairs: Readonly<Record<string, string>>): RawRequest {
  return {
    service,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams(pairs).toString(),
  }
}

/** A JSON call: `CodeDeploy_20141006.CreateApplication` with a body that need not be JSON. */
export function json(service: string, target: string, body: string): RawRequest {
  return {
    service,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body,
  }
}

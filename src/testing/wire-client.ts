import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import type { Reply } from '../wire/reply.ts'
import type { WireRequest } from '../wire/wire.ts'

/** The unmodified SDK client of a service, talking to a wire in this process: no network, but all of its own serialising and signing. */
export interface OfficialClient {
  /** Sends `<operation>Command` with the input; gives what the client reads from the reply. */
  send(operation: string, input: object): Promise<Record<string, unknown>>
  destroy(): void
}

export interface OfficialClientOptions {
  /** `@aws-sdk/client-<client>`. */
  readonly client: string
  /** Another protocol than the client's own. */
  readonly protocol?: 'awsQuery' | 'rpcv2Cbor' | 'awsJson1_0'
  readonly protocolSettings?: object
  readonly exchange: (request: WireRequest) => Promise<Reply>
  /** The oracle's key unless told otherwise. */
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
}

export const oracleKey = { accessKeyId: 'AKIAORACLE', secretAccessKey: 'secret/Key+1' }

interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Readable | Uint8Array | string
}

const require = createRequire(import.meta.url)

const protocolClasses = {
  awsQuery: 'AwsQueryProtocol',
  rpcv2Cbor: 'AwsSmithyRpcV2CborProtocol',
  awsJson1_0: 'AwsJson1_0Protocol',
} as const

export function officialClient(options: OfficialClientOptions): OfficialClient {
  const exports = require(`@aws-sdk/client-${options.client}`) as Record<string, unknown>
  const Client = clientClass(exports)
  const client = new Client({
    endpoint: 'http://127.0.0.1:4566',
    region: 'us-east-1',
    credentials: { ...(options.credentials ?? oracleKey), accountId: '000000000000' },
    maxAttempts: 1,
    requestHandler: { handle: (request: HttpRequest) => carry(request, options.exchange) },
  })
  if (options.protocol) {
    const protocols = require('@aws-sdk/core/protocols') as Record<string, ProtocolClass>
    const Protocol = protocols[protocolClasses[options.protocol]]!
    client.config['protocol'] = new Protocol({
      ...(client.config['protocolSettings'] as object),
      ...options.protocolSettings,
    })
  }
  return {
    async send(operation, input) {
      const Command = exports[`${operation}Command`] as new (input: object) => object
      return client.send(new Command(input))
    },
    destroy: () => client.destroy(),
  }
}

type ProtocolClass = new (settings: object) => object

interface AnyClient {
  readonly config: Record<string, unknown>
  send(command: object): Promise<Record<string, unknown>>
  destroy(): void
}

/** `SQSClient`: the one exported class whose name ends so; the bare `Client` is its parent. */
function clientClass(exports: Record<string, unknown>): new (options: object) => AnyClient {
  const found = Object.entries(exports).find(
    ([name, value]) =>
      typeof value === 'function' && /[A-Za-z0-9]Client$/.test(name) && name !== '__Client',
  )
  return found![1] as new (options: object) => AnyClient
}

async function carry(
  request: HttpRequest,
  exchange: (request: WireRequest) => Promise<Reply>,
): Promise<{ response: object }> {
  const reply = await exchange({
    method: request.method,
    url: request.path + queryText(request.query ?? {}),
    headers: lowerCase(request.headers),
    body: piecesOf(request.body),
    clientAddress: '127.0.0.1',
    signal: new AbortController().signal,
  })
  const { HttpResponse } = require('@smithy/core/transport') as {
    HttpResponse: new (parts: object) => object
  }
  const body = request.method === 'HEAD' ? '' : reply.body
  return {
    response: new HttpResponse({
      statusCode: reply.status,
      headers: lowerCase(reply.headers),
      body:
        body instanceof Readable ? body : Readable.from(body.length > 0 ? [Buffer.from(body)] : []),
    }),
  }
}

async function* piecesOf(body: HttpRequest['body']): AsyncGenerator<Uint8Array> {
  if (body === undefined) return
  if (body instanceof Readable) {
    for await (const piece of body) yield Buffer.from(piece as Uint8Array)
  } else yield Buffer.from(body)
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
}

function queryText(query: NonNullable<HttpRequest['query']>): string {
  const pairs: string[] = []
  for (const [name, value] of Object.entries(query)) {
    if (value === null) pairs.push(encodeURIComponent(name))
    else {
      for (const each of typeof value === 'string' ? [value] : value) {
        pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(each)}`)
      }
    }
  }
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

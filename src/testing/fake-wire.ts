import { Readable } from 'node:stream'
import { AwsError } from '../kernel/errors.ts'
import { silentLog } from '../kernel/ports.ts'
import type { SigningCredential } from '../wire/authenticate.ts'
import { createWire } from '../wire/create-wire.ts'
import { collected } from '../wire/incoming-body.ts'
import type { AcceptTree, BoundOperation, Request, Service } from '../wire/service.ts'
import type { Fields } from '../wire/shape.ts'
import type { Wire, WireOptions } from '../wire/wire.ts'
import { manualClock } from './manual-clock.ts'
import { seededRandom } from './seeded-random.ts'

/** Accepts every member. */
const acceptsAll: AcceptTree = new Proxy(
  {},
  {
    getOwnPropertyDescriptor: () => ({ value: true, enumerable: true, configurable: true }),
    get: () => true,
  },
)

export type FakeHandler = (input: Fields, request: Request) => Promise<object> | object

/** A service out of plain functions, one an operation, which accept every member. */
export function fakeService(id: string, handlers: Readonly<Record<string, FakeHandler>>): Service {
  const operations = new Map<string, BoundOperation>()
  for (const [name, handler] of Object.entries(handlers)) {
    operations.set(name, {
      accepts: acceptsAll,
      handle: async (input, request) => handler(input, request),
    })
  }
  return {
    id,
    operations,
    refuseMember: (path) => new AwsError('InvalidParameterValue', `${path} is not supported`),
  }
}

const fakeAccount = '123456789012'
export const fakeKey = { accessKeyId: 'AKIAFAKE', secretAccessKey: 'fake/Secret+Key' }
export const fakeSession = {
  accessKeyId: 'ASIAFAKE',
  secretAccessKey: 'session/Secret+Key',
  sessionToken: 'the-token',
}

/** A wire with two known keys, one of them of a session that ends an hour after the clock's start, on a clock that a test turns. */
export function fakeWire(
  services: readonly Service[],
  options: Partial<WireOptions> = {},
): Wire & { readonly clock: ReturnType<typeof manualClock> } {
  const clock = manualClock()
  const principal = {
    arn: `arn:aws:iam::${fakeAccount}:user/fake`,
    account: fakeAccount,
    userId: 'AIDAFAKE',
  }
  const known = new Map<string, SigningCredential>([
    [
      fakeKey.accessKeyId,
      { ...fakeKey, principal: { ...principal, accessKeyId: fakeKey.accessKeyId } },
    ],
    [
      fakeSession.accessKeyId,
      {
        ...fakeSession,
        expiresAt: clock.now() + 3_600_000,
        principal: { ...principal, accessKeyId: fakeSession.accessKeyId },
      },
    ],
  ])
  const wire = createWire({
    services,
    authentication: 'on',
    credentials: { find: async (accessKeyId) => known.get(accessKeyId) },
    clock,
    random: seededRandom(1),
    log: silentLog,
    defaults: { account: '000000000000', region: 'us-east-1' },
    ...options,
  })
  return { ...wire, clock }
}

export interface PlainRequest {
  readonly method?: string
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>
}

export interface PlainReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends a request as it is, and reads the whole reply as text. */
export async function exchangePlain(wire: Wire, request: PlainRequest): Promise<PlainReply> {
  const { body = '' } = request
  const reply = await wire.exchange({
    method: request.method ?? 'POST',
    url: request.url ?? '/',
    headers: { host: '127.0.0.1:4566', ...request.headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? onePiece(body) : body,
    clientAddress: '127.0.0.1',
    signal: new AbortController().signal,
  })
  const bytes =
    reply.body instanceof Readable
      ? await collected(reply.body, Number.POSITIVE_INFINITY)
      : Buffer.from(reply.body)
  return { status: reply.status, headers: reply.headers, body: bytes?.toString('utf8') ?? '' }
}

async function* onePiece(body: string | Uint8Array): AsyncGenerator<Uint8Array> {
  if (body.length > 0) yield Buffer.from(body)
}

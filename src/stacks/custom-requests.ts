import { timingSafeEqual } from 'node:crypto'
import { uuid as newUuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { kindOf, modify } from '../store/records.ts'
import type { CustomResponse } from './domain/read-response.ts'

/** One request to the maker of a custom resource. id: the request's id, owner: the stack's id and the logical id. */
interface CustomRequest {
  readonly requestId: string
  /** Of the operation: a server that carries on finds the request that was made for it. */
  readonly token: string
  readonly secret: string
  readonly openedAt: number
  readonly isSent: boolean
  readonly response?: CustomResponse
}

const customRequests = kindOf<CustomRequest>('cloudformation/custom-request')

/** The bucket of AWS's addresses for responses. */
export const responseBucket = 'cloudformation-custom-resource-response-'

interface Resource {
  readonly stackId: string
  readonly logicalId: string
}

/** Requests to those who make custom resources, and what they answer. The address of an answer is its credential. */
export class CustomRequests {
  readonly #engine: EngineContext

  constructor(engine: EngineContext) {
    this.#engine = engine
  }

  /** The request of an operation; another one when the last was answered with a failure. */
  async open(scope: Scope, resource: Resource, token: string): Promise<CustomRequest> {
    const { store, random, clock } = this.#engine
    const known = await store.list(customRequests, scope, { owner: ownerOf(resource) })
    const open = known.find(
      ({ value }) => value.token === token && value.response?.isSuccess !== false,
    )
    if (open) return open.value
    const value: CustomRequest = {
      requestId: newUuid(random),
      token,
      secret: random.hex(20),
      openedAt: clock.now(),
      isSent: false,
    }
    await store.insert(
      customRequests,
      { scope, id: value.requestId, owner: ownerOf(resource) },
      value,
    )
    return value
  }

  async sent(scope: Scope, requestId: string): Promise<void> {
    const at = { kind: customRequests, scope, id: requestId }
    await modify(this.#engine.store, at, (request) => ({ ...request, isSent: true }))
  }

  /** The answer; `late` when there was none in time. */
  async look(
    scope: Scope,
    { requestId, openedAt }: CustomRequest,
    timeoutMilliseconds: number,
  ): Promise<CustomResponse | 'late' | undefined> {
    const found = await this.#engine.store.find(customRequests, scope, requestId)
    if (found?.value.response) return found.value.response
    return this.#engine.clock.now() >= openedAt + timeoutMilliseconds ? 'late' : undefined
  }

  /** Takes an answer; the first one counts. False when nothing was asked at this address. */
  async answer(address: ResponseAddress, response: CustomResponse): Promise<boolean> {
    const { scope, requestId, secret } = address
    const { store } = this.#engine
    const found = await store.find(customRequests, scope, requestId)
    if (!found || !isSame(found.value.secret, secret)) return false
    const at = { kind: customRequests, scope, id: requestId }
    await modify(store, at, (request) => (request.response ? request : { ...request, response }))
    return true
  }

  /** The resource is gone: so are its requests. */
  async close(scope: Scope, resource: Resource): Promise<void> {
    const { store } = this.#engine
    for (const record of await store.list(customRequests, scope, { owner: ownerOf(resource) })) {
      if (record.value.response) await store.remove(record)
    }
  }
}

function ownerOf({ stackId, logicalId }: Resource): string {
  return `${stackId}/${logicalId}`
}

function isSame(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))
}

/** What the address of an answer says. */
export interface ResponseAddress {
  readonly scope: Scope
  readonly requestId: string
  readonly secret: string
}

/** `endpointHost` is how the stack's caller named this endpoint: whoever makes its resources reaches it so. */
export function responseUrl(
  endpointHost: string,
  { stackId, logicalId }: Resource,
  { requestId, secret }: CustomRequest,
): string {
  const region = (stackId.split(':')[3] ?? '').replaceAll('-', '')
  const key = encodeURIComponent(`${stackId}|${logicalId}|${requestId}`)
  return `http://${endpointHost}/${responseBucket}${region}/${key}?Signature=${secret}`
}

/** Reads the path and query of an address; undefined when it is no response's. */
export function readResponsePath(path: string): ResponseAddress | undefined {
  const [, key = '', secret = ''] =
    /^\/cloudformation-custom-resource-response-[a-z0-9]+\/([^/?]+)\?Signature=([0-9a-f]+)$/.exec(
      path,
    ) ?? []
  const [stackId = '', , requestId = ''] = decoded(key).split('|')
  const [, , , region, account] = stackId.split(':')
  if (region === undefined || account === undefined || requestId === '') return undefined
  return { scope: { account, region }, requestId, secret }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

import { createHash } from 'node:crypto'
import { reasonOf } from '../kernel/errors.ts'
import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { modify, RecordExists, StaleRevision, type Records } from '../store/records.ts'
import { Cancellation } from './cancellation.ts'
import { resourceModel } from './domain/resource-model.ts'
import { plannedState, plannedUpdate } from './wished-state.ts'
import {
  clientTokens,
  holdId,
  isOver,
  resourceHolds,
  resourceRequests,
  type ControlledType,
  type ResourceRequest,
} from './request-records.ts'
import { RequestRefusal } from './request-refusal.ts'
import type { ResourceType } from './resource-type.ts'
import { notFoundWords, runRequest } from './run-request.ts'

/** What of a request names the resource and the caller's wish to ask only once. */
export interface Asked {
  readonly typeName: string
  readonly clientToken: string | undefined
}

type Draft = Pick<ResourceRequest, 'operation' | 'typeName'> & Partial<ResourceRequest>

export interface ControlledResource {
  readonly identifier: string
  /** As JSON text. */
  readonly properties: string
}

const periodMilliseconds = 30_000
const requestsAtOnceMax = 50
/** As on AWS. */
const clientTokenMilliseconds = 36 * 3600_000
const requestMilliseconds = 7 * 24 * 3600_000

/** Resources one at a time, over the types that stacks are made of. Each request is a record that a reconciler works off. */
export class ResourceRequests {
  readonly #engine: EngineContext
  readonly #typeOf: (name: string) => ResourceType | undefined

  constructor(engine: EngineContext, typeOf: (name: string) => ResourceType | undefined) {
    this.#engine = engine
    this.#typeOf = typeOf
  }

  async create(scope: Scope, asked: Asked & { desiredState: string }): Promise<ResourceRequest> {
    const type = this.#needType(asked.typeName, 'CREATE')
    return this.#ask(scope, 'CREATE', asked, async () => ({
      ...{ operation: 'CREATE', typeName: type.name },
      desired: plannedState(type, asked.desiredState),
    }))
  }

  async update(
    scope: Scope,
    asked: Asked & { identifier: string; patchDocument: string },
  ): Promise<ResourceRequest> {
    const { typeName, identifier, patchDocument } = asked
    const type = this.#needType(typeName, 'UPDATE')
    if (!type.update) throw unsupported(typeName, 'UPDATE')
    return this.#ask(scope, 'UPDATE', asked, async () => {
      const described = await type.inventory.describe(identifier, scope)
      if (!described) throw notFound(typeName, identifier)
      const planned = plannedUpdate(type, described, patchDocument)
      return { operation: 'UPDATE', typeName, physicalId: identifier, ...planned }
    })
  }

  async remove(scope: Scope, asked: Asked & { identifier: string }): Promise<ResourceRequest> {
    const { name } = this.#needType(asked.typeName, 'DELETE')
    const draft: Draft = { operation: 'DELETE', typeName: name, physicalId: asked.identifier }
    return this.#ask(scope, 'DELETE', asked, async () => draft)
  }

  async find(scope: Scope, token: string): Promise<ResourceRequest> {
    const found = await this.#engine.store.find(resourceRequests, scope, token)
    if (found) return found.value
    throw requestNotFound(token)
  }

  /** Of the last seven days, the newest first. */
  async list(scope: Scope): Promise<readonly ResourceRequest[]> {
    const found = await this.#engine.store.list(resourceRequests, scope)
    return found.map(({ value }) => value).toSorted((one, other) => other.beganAt - one.beganAt)
  }

  async cancel(scope: Scope, token: string): Promise<ResourceRequest> {
    const { store, clock } = this.#engine
    const at = { kind: resourceRequests, scope, id: token }
    const record = await modify(store, at, (request) => {
      if (request.status === 'CANCEL_IN_PROGRESS') return undefined
      if (isOver(request)) throw notCancellable(request)
      return { ...request, status: 'CANCEL_IN_PROGRESS' as const, at: clock.now() }
    })
    if (!record) throw requestNotFound(token)
    return record.value
  }

  async describe(scope: Scope, typeName: string, identifier: string): Promise<ControlledResource> {
    const type = this.#needType(typeName, 'READ')
    const found = await type.inventory.describe(identifier, scope)
    if (!found) throw notFound(typeName, identifier)
    return shown(type, identifier, found)
  }

  /** Identifiers in order. */
  async identifiers(scope: Scope, typeName: string): Promise<readonly string[]> {
    return (await this.#needType(typeName, 'LIST').inventory.list(scope)).toSorted()
  }

  /** Those that are still there. */
  async describeAll(
    scope: Scope,
    typeName: string,
    identifiers: readonly string[],
  ): Promise<readonly ControlledResource[]> {
    const type = this.#needType(typeName, 'LIST')
    const all = await Promise.all(
      identifiers.map(async (identifier) => {
        const found = await type.inventory.describe(identifier, scope)
        return found ? [shown(type, identifier, found)] : []
      }),
    )
    return all.flat()
  }

  #needType(name: string, action: string): ControlledType {
    const type = this.#typeOf(name)
    if (!type) {
      throw new RequestRefusal('TypeNotFoundException', `The type '${name}' cannot be found.`)
    }
    const { inventory } = type
    if (!inventory) throw unsupported(name, action)
    return { ...type, inventory }
  }

  /** The request that is recorded: the one that the client token stands for, or a new one. */
  async #ask(
    scope: Scope,
    operation: string,
    asked: Asked,
    draft: () => Promise<Draft>,
  ): Promise<ResourceRequest> {
    const { clientToken, ...rest } = asked
    const digest = createHash('sha256')
      .update(JSON.stringify([operation, rest]))
      .digest('hex')
    const wish = clientToken === undefined ? undefined : { clientToken, digest }
    const { store, random, clock } = this.#engine
    const known = await this.#asked(store, scope, wish)
    if (known) return known
    const planned = await draft()
    const now = clock.now()
    const request: ResourceRequest = {
      ...planned,
      ...{ token: uuid(random), status: 'IN_PROGRESS', beganAt: now, at: now },
    }
    return untangled(() =>
      store.transaction(async (records) => {
        const other = await this.#asked(records, scope, wish)
        if (other) return other
        await takeHold(records, scope, request)
        if (wish) {
          const { clientToken: id } = wish
          const value = { requestToken: request.token, digest, at: now }
          const old = await records.find(clientTokens, scope, id)
          if (old) await records.update(old, value)
          else await records.insert(clientTokens, { scope, id }, value)
        }
        await records.insert(resourceRequests, { scope, id: request.token }, request)
        return request
      }),
    )
  }

  async #asked(
    records: Records,
    scope: Scope,
    wish: { readonly clientToken: string; readonly digest: string } | undefined,
  ): Promise<ResourceRequest | undefined> {
    const known = wish && (await records.find(clientTokens, scope, wish.clientToken))
    if (!known || known.value.at + clientTokenMilliseconds <= this.#engine.clock.now()) {
      return undefined
    }
    if (known.value.digest !== wish.digest) {
      throw new RequestRefusal(
        'ClientTokenConflictException',
        `The client token ${wish.clientToken} has been used with other parameters.`,
      )
    }
    return (await records.find(resourceRequests, scope, known.value.requestToken))?.value
  }

  async #run(scope: Scope, token: string, stopping: AbortSignal): Promise<void> {
    const { store, clock } = this.#engine
    const request = (await store.find(resourceRequests, scope, token))?.value
    if (!request) return
    if (isOver(request)) return this.#forget(scope, request)
    const type = this.#needType(request.typeName, request.operation)
    const isKnown = request.isBegun !== true || request.physicalId !== undefined
    const cancellation = new Cancellation(isKnown, 'The request was cancelled')
    if (request.status === 'CANCEL_IN_PROGRESS') cancellation.request()
    const unwatch = store.watch(resourceRequests, (changes) => {
      if (!changes.some(({ id }) => id === token)) return
      const looked = isCancelled(store, scope, token).then((is) => is && cancellation.request())
      looked.catch((thrown: unknown) => this.#tell(token, thrown))
    })
    try {
      await runRequest({ store, clock, scope, type, request, cancellation, stopping })
    } catch (thrown) {
      if (!stopping.aborted) throw thrown
      this.#tell(token, thrown)
    } finally {
      unwatch()
    }
  }

  /** Nothing is lost: the next activation, or the next server, looks again. */
  #tell(token: string, thrown: unknown): void {
    const fields = { token, reason: reasonOf(thrown) }
    this.#engine.log.write('debug', 'a resource request is looked at again', fields)
  }

  async #forget(scope: Scope, { token, beganAt }: ResourceRequest): Promise<void> {
    const { store, clock } = this.#engine
    if (beganAt + requestMilliseconds > clock.now()) return
    for (const known of await store.list(clientTokens, scope)) {
      if (known.value.requestToken === token) await store.remove(known)
    }
    const record = await store.find(resourceRequests, scope, token)
    if (record) await store.remove(record)
  }

  get reconciler(): Reconciler {
    const { store, clock } = this.#engine
    return {
      name: 'stacks/requests',
      periodMilliseconds,
      concurrencyMax: requestsAtOnceMax,
      keys: async () => {
        const old = clock.now() - requestMilliseconds
        const all = await store.listAll(resourceRequests)
        const due = all.filter(({ value }) => !isOver(value) || value.beganAt < old)
        return due.map(({ scope, id }) => keyOf(scope, id))
      },
      wakes: [{ kind: resourceRequests, keysOf: ({ scope, id }) => [keyOf(scope, id)] }],
      reconcile: async (key, signal) => {
        const { scope, id } = openKey(key)
        await this.#run(scope, id, signal)
        return undefined
      },
    }
  }
}

async function isCancelled(records: Records, scope: Scope, token: string): Promise<boolean> {
  const found = await records.find(resourceRequests, scope, token)
  return found?.value.status === 'CANCEL_IN_PROGRESS'
}

const attemptsMax = 5

/** Callers that ask at the same moment for the same: the second one looks again, and finds what the first one wrote. */
async function untangled<R>(work: () => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (thrown) {
      const isRace = thrown instanceof RecordExists || thrown instanceof StaleRevision
      if (!isRace || attempt >= attemptsMax) throw thrown
    }
  }
}

/** One request at a time works on a resource. */
async function takeHold(records: Records, scope: Scope, request: ResourceRequest): Promise<void> {
  const { typeName, physicalId, token } = request
  if (physicalId === undefined) return
  const id = holdId(typeName, physicalId)
  const held = await records.find(resourceHolds, scope, id)
  if (held) {
    throw new RequestRefusal(
      'ConcurrentOperationException',
      `Another request (${held.value.requestToken}) works on the resource of type '${typeName}' with identifier '${physicalId}'.`,
    )
  }
  await records.insert(resourceHolds, { scope, id }, { requestToken: token })
}

function shown(
  type: ControlledType,
  identifier: string,
  described: Parameters<typeof resourceModel>[1],
): ControlledResource {
  return { identifier, properties: JSON.stringify(resourceModel(type, described)) }
}

function notFound(typeName: string, identifier: string): RequestRefusal {
  return new RequestRefusal('ResourceNotFoundException', notFoundWords(typeName, identifier))
}

function unsupported(typeName: string, action: string): RequestRefusal {
  return new RequestRefusal(
    'UnsupportedActionException',
    `Resource type ${typeName} does not support ${action} action`,
  )
}

function requestNotFound(token: string): RequestRefusal {
  return new RequestRefusal(
    'RequestTokenNotFoundException',
    `Request with token ${token} was not found.`,
  )
}

function notCancellable({ token, status }: ResourceRequest): RequestRefusal {
  return new RequestRefusal(
    'ConcurrentModificationException',
    `Request ${token} is ${status} and can no longer be cancelled.`,
  )
}

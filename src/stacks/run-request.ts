import type { Clock } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import { modify, RecordExists, type Store } from '../store/records.ts'
import { Cancellation } from './cancellation.ts'
import { propertyDifferences } from './domain/property-differences.ts'
import { ownProperties, reservedTags, resourceModel } from './domain/resource-model.ts'
import type { HandlerFailure } from './handler-failure.ts'
import {
  holdId,
  isOver,
  requestArn,
  resourceHolds,
  resourceRequests,
  type ControlledType,
  type ResourceRequest,
} from './request-records.ts'
import { resourceContext } from './resource-context.ts'
import type { Properties, ResourceContext, ResourceState } from './resource-type.ts'
import { settle, type Settled } from './resource-work.ts'

/** What a request is worked on with. */
export interface RequestWork {
  readonly store: Store
  readonly clock: Clock
  readonly scope: Scope
  readonly type: ControlledType
  readonly request: ResourceRequest
  readonly cancellation: Cancellation
  /** Aborted when this server stops: the next one carries on. */
  readonly stopping: AbortSignal
}

/**
 * Does what a request asks for, once more from the start when a server died over it: every call of a type may be repeated. What the
 * type tells is recorded as it comes. Throws `Interrupted` when the server stops.
 */
export async function runRequest(work: RequestWork): Promise<void> {
  const { request, cancellation } = work
  if (!request.isBegun && cancellation.isRequested) return conclude(work, cancelled(work))
  const settled = await attempt(work)
  if (settled.ok) return succeed(work, settled.state)
  return conclude(work, cancellation.isRequested ? cancelled(work) : failed(settled))
}

function attempt(work: RequestWork): Promise<Settled> {
  switch (work.request.operation) {
    case 'CREATE':
      return create(work)
    case 'UPDATE':
      return update(work)
    case 'DELETE':
      return remove(work)
  }
}

async function create(work: RequestWork): Promise<Settled> {
  const { type, request } = work
  const { desired = {} } = request
  const context = contextOf(work, 'create')
  await begin(work)
  const settled = await settle(work, work.cancellation, () => type.create(desired, context))
  const isRepeated = request.isBegun === true
  if (settled.ok || !isRepeated || settled.failure?.code !== 'AlreadyExists') return settled
  // The server died after making it, and the type cannot tell whose it is: it is ours when it is just what was asked for.
  const physicalId = request.physicalId ?? desired[type.inventory.identifier]
  if (typeof physicalId !== 'string') return settled
  const there = await look(work, physicalId)
  if (!there.ok || !there.state || !isAsAsked(type, desired, there.state)) return settled
  await context.started(physicalId)
  return { ok: true, state: { physicalId, attributes: {} } }
}

function isAsAsked(type: ControlledType, desired: Properties, there: Properties): boolean {
  const { hidden = [] } = type.inventory
  const told = Object.entries(desired).filter(([name]) => !hidden.includes(name))
  return propertyDifferences(Object.fromEntries(told), there).length === 0
}

async function update(work: RequestWork): Promise<Settled> {
  const { type, request } = work
  const { physicalId = '', before = {}, desired: after = {} } = request
  const there = await look(work, physicalId)
  if (!there.ok) return there
  if (!type.update || !there.state) return notFound(work)
  await begin(work)
  const change = { physicalId, before, after }
  const call = type.update.bind(type)
  const context = { ...contextOf(work, 'update'), tags: reservedTags(there.state) }
  return settle(work, work.cancellation, () => call(change, context))
}

async function remove(work: RequestWork): Promise<Settled> {
  const { type, request } = work
  const { physicalId = '', isBegun } = request
  const there = await look(work, physicalId)
  if (!there.ok) return there
  const gone: Settled = { ok: true, state: { physicalId, attributes: {} } }
  if (!there.state) return isBegun ? gone : notFound(work)
  await begin(work)
  const resource = { physicalId, properties: ownProperties(type, there.state) }
  return settle(work, work.cancellation, async () => {
    await type.remove(resource, contextOf(work, 'remove'))
    return gone.state
  })
}

/** What there is of the resource; a look that fails is no request without end. */
function look(work: RequestWork, physicalId: string): Promise<Settled<Properties | undefined>> {
  const { type, scope } = work
  return settle(work, new Cancellation(false), () => type.inventory.describe(physicalId, scope))
}

function notFound({ type, request }: RequestWork): Settled {
  const message = notFoundWords(type.name, request.physicalId ?? '')
  return { ok: false, reason: message, failure: { code: 'NotFound', message } }
}

/** AWS's words. */
export function notFoundWords(typeName: string, physicalId: string): string {
  return `Resource of type '${typeName}' with identifier '${physicalId}' was not found.`
}

async function begin(work: RequestWork): Promise<void> {
  await write(work, (request) => ({ ...request, isBegun: true }))
}

/** A request has a name and a token as a stack has, and no tags: nothing of a stack is in what it makes. */
function contextOf(work: RequestWork, purpose: string): ResourceContext {
  const { clock, scope, request, type, cancellation, stopping } = work
  const { token } = request
  const stack = {
    uuid: token,
    name: 'cloudcontrol',
    stackId: requestArn(scope, token),
    target: { tags: [] },
  }
  const context = resourceContext({
    ...{ clock, scope, stack, purpose },
    logicalId: type.name.split('::').at(-1) ?? '',
    ...{ typeName: type.name, number: 1 },
    signal: AbortSignal.any([stopping, cancellation.signal]),
    async started(physicalId) {
      await hold(work, physicalId)
      await write(work, (now) =>
        now.physicalId === physicalId ? undefined : { ...now, physicalId },
      )
      cancellation.arm()
    },
  })
  return { ...context, tags: [] }
}

/** Nobody else works on what is being made. */
async function hold(work: RequestWork, physicalId: string): Promise<void> {
  const { store, scope, request, type } = work
  try {
    const id = holdId(type.name, physicalId)
    await store.insert(resourceHolds, { scope, id }, { requestToken: request.token })
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
  }
}

async function succeed(work: RequestWork, state: ResourceState): Promise<void> {
  const { type, request } = work
  if (request.operation === 'DELETE') return conclude(work, { status: 'SUCCESS' })
  const { physicalId } = state
  const there = await look(work, physicalId)
  const model = there.ok && there.state ? resourceModel(type, there.state) : undefined
  await conclude(work, {
    status: 'SUCCESS',
    physicalId,
    ...(model ? { model: JSON.stringify(model) } : {}),
  })
}

type Conclusion = Pick<ResourceRequest, 'status'> & Partial<ResourceRequest>

function cancelled({ cancellation }: RequestWork): Conclusion {
  return { status: 'CANCEL_COMPLETE', message: cancellation.reason }
}

function failed(settled: {
  readonly reason: string
  readonly failure?: HandlerFailure
}): Conclusion {
  const { reason, failure } = settled
  const errorCode = failure?.code ?? 'GeneralServiceException'
  return { status: 'FAILED', message: failure?.message ?? reason, errorCode }
}

/** The end of a request: what it was to be, and what holds the resource, are no longer needed. */
async function conclude(work: RequestWork, conclusion: Conclusion): Promise<void> {
  const { store, scope, clock, request, type } = work
  await store.transaction(async (records) => {
    const record = await records.find(resourceRequests, scope, request.token)
    if (!record || isOver(record.value)) return
    const { desired: _desired, before: _before, ...rest } = record.value
    const over = { ...rest, ...conclusion, at: clock.now() }
    await records.update(record, over)
    if (over.physicalId === undefined) return
    const held = await records.find(resourceHolds, scope, holdId(type.name, over.physicalId))
    if (held?.value.requestToken === request.token) await records.remove(held)
  })
}

async function write(
  { store, scope, request }: RequestWork,
  change: (now: ResourceRequest) => ResourceRequest | undefined,
): Promise<void> {
  const at = { kind: resourceRequests, scope, id: request.token }
  await modify(store, at, (now) => (isOver(now) ? undefined : change(now)))
}

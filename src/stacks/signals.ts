import { timingSafeEqual } from 'node:crypto'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { kindOf, RecordExists, StaleRevision, type Store } from '../store/records.ts'
import type { Signal } from './domain/judge-signals.ts'
import { resourceEvent } from './resource-work.ts'
import { insertEvents } from './stack-journal.ts'
import { findStack } from './stack-reader.ts'
import { stackResources, type ResourceRecord, type StackRecord } from './stack-records.ts'
import { invalid } from './stack-refusal.ts'

export interface SignalRecord extends Signal {
  readonly at: number
  readonly data?: string
}

/** id `owner/uniqueId`: whoever signals twice is heard once. */
export const stackSignals = kindOf<SignalRecord>('cloudformation/signal')

/** A door for signals that need no credentials; its address carries the secret. id: the token of the handle's making. */
export interface WaitHandle {
  readonly secret: string
}

const waitHandles = kindOf<WaitHandle>('cloudformation/wait-handle')

/** The owner of a resource's own signals: those of one operation. */
export function resourceOwner(uuid: string, logicalId: string, generation: number): string {
  return `${uuid}/${logicalId}/${generation}`
}

export function handleOwner(token: string): string {
  return `handle/${token}`
}

/** More lost races than this in a row means a writer that never rests. */
const attemptsMax = 50
const uniqueIdMax = 64

/** Receives what the inside of machines says; the stacks that wait for it look at the records. */
export class Signals {
  readonly #engine: EngineContext

  constructor(engine: EngineContext) {
    this.#engine = engine
  }

  /** SignalResource. Throws a `StackRefusal` when nothing waits for it. */
  async signal(
    scope: Scope,
    request: { nameOrId: string; logicalId: string } & Pick<Signal, 'uniqueId' | 'status'>,
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(scope, request)
      } catch (thrown) {
        if (thrown instanceof RecordExists) return undefined
        if (!(thrown instanceof StaleRevision) || attempt >= attemptsMax) throw thrown
      }
    }
  }

  async #attempt(scope: Scope, request: Parameters<Signals['signal']>[1]): Promise<void> {
    const { nameOrId, logicalId, uniqueId, status } = request
    const { store, clock } = this.#engine
    await store.transaction(async (records) => {
      const stack = await findStack(records, scope, nameOrId)
      if (!stack) throw invalid(`Stack with id ${nameOrId} does not exist`)
      const { uuid, eventCount } = stack.value
      const found = await records.find(stackResources, scope, `${uuid}/${logicalId}`)
      const resource = needSignalled(stack.value, found?.value, request)
      const owner = resourceOwner(uuid, logicalId, resource.generation)
      const at = clock.now()
      await records.insert(stackSignals, recordAt(scope, owner, uniqueId), { uniqueId, status, at })
      const counted = await records.update(stack, { ...stack.value, eventCount: eventCount + 1 })
      const reason = `Received ${status} signal with UniqueId ${uniqueId}`
      const { physicalId } = resource.current
      const event = resourceEvent(resource, resource.status, { physicalId, reason })
      await insertEvents(records, counted, [event], { first: eventCount, at })
    })
  }

  /** The secret of a handle; the same one for the same token. */
  async openHandle(scope: Scope, token: string): Promise<string> {
    const { store, random } = this.#engine
    const known = await store.find(waitHandles, scope, token)
    if (known) return known.value.secret
    try {
      const secret = random.hex(20)
      await store.insert(waitHandles, { scope, id: token }, { secret })
      return secret
    } catch (thrown) {
      if (thrown instanceof RecordExists) return this.openHandle(scope, token)
      throw thrown
    }
  }

  async closeHandle(scope: Scope, token: string): Promise<void> {
    await this.#engine.store.transaction(async (records) => {
      const known = await records.find(waitHandles, scope, token)
      if (known) await records.remove(known)
      const owner = handleOwner(token)
      for (const signal of await records.list(stackSignals, scope, { owner })) {
        await records.remove(signal)
      }
    })
  }

  /** A signal through a handle's door. `closed`: there is no such handle, or the secret is another one. */
  async receive(
    scope: Scope,
    at: { readonly token: string; readonly secret: string },
    signal: Omit<SignalRecord, 'at'>,
  ): Promise<'received' | 'closed'> {
    const { store, clock } = this.#engine
    const known = await store.find(waitHandles, scope, at.token)
    if (!known || !isSame(known.value.secret, at.secret)) return 'closed'
    try {
      const place = recordAt(scope, handleOwner(at.token), signal.uniqueId)
      await store.insert(stackSignals, place, { ...signal, at: clock.now() })
    } catch (thrown) {
      if (!(thrown instanceof RecordExists)) throw thrown
    }
    return 'received'
  }
}

function needSignalled(
  stack: StackRecord,
  resource: ResourceRecord | undefined,
  { logicalId, uniqueId }: { logicalId: string; uniqueId: string },
): ResourceRecord {
  if (!resource) throw invalid(`Resource ${logicalId} does not exist for stack ${stack.name}`)
  const { status, current } = resource
  if (!current.awaits && !current.updatePolicy) {
    throw invalid(`Resource ${logicalId} has no CreationPolicy or UpdatePolicy to be signaled for`)
  }
  if (!status.endsWith('_IN_PROGRESS') || status.startsWith('DELETE')) {
    throw invalid(`Resource ${logicalId} is in ${status} state and cannot be signaled`)
  }
  const isInstance = /^i-[0-9a-f]{8,17}$/.test(uniqueId)
  if (uniqueId === '' || uniqueId.length > uniqueIdMax) throw invalid('UniqueId is too long')
  if (!isInstance && current.awaits?.isFromInstances !== false) {
    throw invalid(`UniqueId ${uniqueId} must be the id of an instance of resource ${logicalId}`)
  }
  return resource
}

function recordAt(
  scope: Scope,
  owner: string,
  uniqueId: string,
): { scope: Scope; id: string; owner: string } {
  return { scope, id: `${owner}/${encodeURIComponent(uniqueId)}`, owner }
}

function isSame(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))
}

/** What a stack's work sees of signals. */
export interface SignalSource {
  list(owner: string): Promise<readonly SignalRecord[]>
  /** Called when signals came, perhaps others. */
  watch(listener: () => void): () => void
}

export function signalSource(store: Store, scope: Scope): SignalSource {
  return {
    list: async (owner) =>
      (await store.list(stackSignals, scope, { owner })).map(({ value }) => value),
    watch: (listener) => store.watch(stackSignals, listener),
  }
}

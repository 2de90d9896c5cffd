import { uuid as newUuid } from '../kernel/random.ts'
import { present } from '../kernel/assert.ts'
import { reasonOf } from '../kernel/errors.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { kindOf, modify, type Store } from '../store/records.ts'
import type { DriftStatus, PropertyDifference } from './domain/property-differences.ts'
import { lookAtResource, withoutReferences } from './live-resource.ts'
import type { ResourceType } from './resource-type.ts'
import { bracketed, isIn } from './stack-checks.ts'
import { findStack, resourcesOf } from './stack-reader.ts'
import { stacks, type ResourceRecord, type StackRecord } from './stack-records.ts'
import { invalid } from './stack-refusal.ts'

/** How one resource differed from its template when it was looked at last. id `uuid/logicalId`, owner: the stack's uuid. */
export interface ResourceDrift {
  readonly logicalId: string
  readonly physicalId: string
  readonly type: string
  readonly status: DriftStatus
  readonly at: number
  readonly expected?: Readonly<Record<string, unknown>>
  readonly actual?: Readonly<Record<string, unknown>>
  readonly differences: readonly PropertyDifference[]
}

/** A look at a whole stack. id: its own, owner: the stack's uuid. */
interface DriftDetection {
  readonly id: string
  readonly stackUuid: string
  readonly stackId: string
  readonly status: 'DETECTION_IN_PROGRESS' | 'DETECTION_COMPLETE' | 'DETECTION_FAILED'
  readonly reason?: string
  readonly driftStatus?: 'DRIFTED' | 'IN_SYNC'
  readonly driftedCount?: number
  readonly startedAt: number
  /** Absent: all of the stack. */
  readonly logicalIds?: readonly string[]
}

export const resourceDrifts = kindOf<ResourceDrift>('cloudformation/resource-drift')
export const detections = kindOf<DriftDetection>('cloudformation/drift-detection')

/** A stack that is at rest with what its template says. */
const comparable = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
] as const

const periodMilliseconds = 30_000
const detectionsAtOnceMax = 4

/**
 * Compares what stacks say with what is there. A detection is a record that a reconciler works off, so that a restart loses none. It
 * only reads; types that cannot be read are not checked.
 */
export class DriftDetections {
  readonly #engine: EngineContext
  readonly #typeOf: (name: string) => ResourceType | undefined

  constructor(engine: EngineContext, typeOf: (name: string) => ResourceType | undefined) {
    this.#engine = engine
    this.#typeOf = typeOf
  }

  /** The detection that begins. */
  async start(
    scope: Scope,
    nameOrId: string,
    logicalIds: readonly string[] | undefined,
  ): Promise<DriftDetection> {
    const { store, random, clock } = this.#engine
    const stack = await this.#needStack(scope, nameOrId)
    const running = await store.list(detections, scope, { owner: stack.uuid })
    if (running.some(({ value }) => value.status === 'DETECTION_IN_PROGRESS')) {
      throw invalid(`Drift detection is already in progress for stack [${stack.stackId}]`)
    }
    const resources = await resourcesOf(store, scope, stack.uuid)
    for (const id of logicalIds ?? []) needResource(resources, stack, id)
    const value: DriftDetection = {
      id: newUuid(random),
      stackUuid: stack.uuid,
      stackId: stack.stackId,
      status: 'DETECTION_IN_PROGRESS',
      startedAt: clock.now(),
      ...(logicalIds === undefined ? {} : { logicalIds }),
    }
    await store.insert(detections, { scope, id: value.id, owner: stack.uuid }, value)
    return value
  }

  async need(scope: Scope, id: string): Promise<DriftDetection> {
    const found = await this.#engine.store.find(detections, scope, id)
    if (found) return found.value
    throw invalid(`Drift detection [${id}] does not exist`)
  }

  /** Looks at one resource at once. */
  async detectOne(scope: Scope, nameOrId: string, logicalId: string): Promise<ResourceDrift> {
    const stack = await this.#needStack(scope, nameOrId)
    const resources = await resourcesOf(this.#engine.store, scope, stack.uuid)
    const resource = needResource(resources, stack, logicalId)
    if (!this.#typeOf(resource.type)?.read) {
      throw invalid(`Drift detection is not supported for resource type ${resource.type}`)
    }
    const drift = await this.#look(scope, stack, resource, new AbortController().signal)
    await this.#keep(scope, stack.uuid, drift)
    return drift
  }

  /** By logical id. */
  async list(scope: Scope, stackUuid: string): Promise<ReadonlyMap<string, ResourceDrift>> {
    return driftsOf(this.#engine.store, scope, stackUuid)
  }

  async #needStack(scope: Scope, nameOrId: string): Promise<StackRecord> {
    const found = await findStack(this.#engine.store, scope, nameOrId)
    if (!found || found.value.deletedAt !== undefined) throw invalid(bracketed(nameOrId))
    const { value } = found
    if (isIn(value, comparable)) return value
    throw invalid(
      `Drift detection cannot be performed on stack [${value.stackId}] while it is in ${value.status}: it has to be in ${comparable.join(', ')}`,
    )
  }

  async #look(
    scope: Scope,
    stack: StackRecord,
    record: ResourceRecord,
    signal: AbortSignal,
  ): Promise<ResourceDrift> {
    const { logicalId, type, current } = record
    const { physicalId = '', properties } = current
    const { clock } = this.#engine
    const base = { logicalId, physicalId, type, at: clock.now() }
    const live = await lookAtResource({ clock, scope, stack, signal }, this.#typeOf(type), record)
    if (live.status === 'NOT_CHECKED') return { ...base, status: live.status, differences: [] }
    const expected = withoutReferences(properties)
    if (live.status === 'DELETED') {
      return { ...base, status: live.status, expected, differences: [] }
    }
    const { status, actual, differences } = live
    const compared = Object.keys(expected).filter((name) => Object.hasOwn(actual, name))
    const only = (from: Readonly<Record<string, unknown>>): Record<string, unknown> =>
      Object.fromEntries(compared.map((name) => [name, from[name]]))
    return { ...base, status, expected: only(expected), actual: only(actual), differences }
  }

  async #keep(scope: Scope, stackUuid: string, drift: ResourceDrift): Promise<void> {
    await this.#engine.store.transaction(async (records) => {
      const id = `${stackUuid}/${drift.logicalId}`
      const known = await records.find(resourceDrifts, scope, id)
      if (known) await records.update(known, drift)
      else await records.insert(resourceDrifts, { scope, id, owner: stackUuid }, drift)
    })
  }

  async #run(scope: Scope, id: string, signal: AbortSignal): Promise<void> {
    const { store } = this.#engine
    const found = await store.find(detections, scope, id)
    if (found?.value.status !== 'DETECTION_IN_PROGRESS') return
    const { stackUuid, logicalIds } = found.value
    const stack = await store.find(stacks, scope, stackUuid)
    const resources = await resourcesOf(store, scope, stackUuid)
    const drifts: ResourceDrift[] = []
    const failures: string[] = []
    for (const resource of stack && isIn(stack.value, comparable) ? resources : []) {
      if (signal.aborted) return
      if (logicalIds && !logicalIds.includes(resource.logicalId)) continue
      try {
        const drift = await this.#look(
          scope,
          present(stack, 'a stack that is looked at is there').value,
          resource,
          signal,
        )
        await this.#keep(scope, stackUuid, drift)
        drifts.push(drift)
      } catch (thrown) {
        failures.push(`${resource.logicalId}: ${reasonOf(thrown)}`)
      }
    }
    const isOver = !stack || !isIn(stack.value, comparable)
    await this.#conclude(scope, found.value, {
      drifts,
      reason: isOver ? 'The stack is no longer at rest' : failures.join('; '),
    })
  }

  async #conclude(
    scope: Scope,
    { id, stackUuid }: DriftDetection,
    seen: { readonly drifts: readonly ResourceDrift[]; readonly reason: string },
  ): Promise<void> {
    const { store, clock } = this.#engine
    const drifted = seen.drifts.filter(
      ({ status }) => status === 'MODIFIED' || status === 'DELETED',
    )
    const driftStatus = drifted.length > 0 ? ('DRIFTED' as const) : ('IN_SYNC' as const)
    await modify(store, { kind: stacks, scope, id: stackUuid }, (stack) => ({
      ...stack,
      drift: { status: driftStatus, at: clock.now() },
    }))
    await modify(store, { kind: detections, scope, id }, (detection) => ({
      ...detection,
      status: seen.reason === '' ? ('DETECTION_COMPLETE' as const) : ('DETECTION_FAILED' as const),
      ...(seen.reason === '' ? {} : { reason: seen.reason }),
      driftStatus,
      driftedCount: drifted.length,
    }))
  }

  get reconciler(): Reconciler {
    const { store } = this.#engine
    return {
      name: 'stacks/drift',
      periodMilliseconds,
      concurrencyMax: detectionsAtOnceMax,
      keys: async () => {
        const all = await store.listAll(detections)
        const open = all.filter(({ value }) => value.status === 'DETECTION_IN_PROGRESS')
        return open.map(({ scope, id }) => keyOf(scope, id))
      },
      wakes: [{ kind: detections, keysOf: ({ scope, id }) => [keyOf(scope, id)] }],
      reconcile: async (key, signal) => {
        const { scope, id } = openKey(key)
        await this.#run(scope, id, signal)
        return undefined
      },
    }
  }
}

async function driftsOf(
  store: Store,
  scope: Scope,
  stackUuid: string,
): Promise<ReadonlyMap<string, ResourceDrift>> {
  const found = await store.list(resourceDrifts, scope, { owner: stackUuid })
  return new Map(found.map(({ value }) => [value.logicalId, value]))
}

function needResource(
  resources: readonly ResourceRecord[],
  stack: StackRecord,
  logicalId: string,
): ResourceRecord {
  const found = resources.find((resource) => resource.logicalId === logicalId)
  if (found) return found
  throw invalid(`Resource ${logicalId} does not exist for stack ${stack.name}`)
}

import type { Clock } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import { propertyDifferences, type PropertyDifference } from './domain/property-differences.ts'
import { Cancellation } from './cancellation.ts'
import { resourceContext } from './resource-context.ts'
import type { Properties, ResourceType } from './resource-type.ts'
import { settle, type Settled, type WorkContext } from './resource-work.ts'
import type { ResourceRecord, StackRecord } from './stack-records.ts'

/** How a resource is, against what its stack says of it. */
export type LiveResource =
  | { readonly status: 'NOT_CHECKED' }
  | { readonly status: 'DELETED' }
  | {
      readonly status: 'IN_SYNC' | 'MODIFIED'
      readonly actual: Properties
      /** The recorded properties, with the values that are there where they differ. */
      readonly properties: Properties
      readonly differences: readonly PropertyDifference[]
    }

interface Looking {
  readonly clock: Clock
  readonly scope: Scope
  readonly stack: StackRecord
  readonly signal: AbortSignal
}

/** Reads a resource; only what its stack says of it is compared. */
export async function lookAtResource(
  { clock, scope, stack, signal }: Looking,
  type: ResourceType | undefined,
  { logicalId, type: typeName, current }: ResourceRecord,
): Promise<LiveResource> {
  const { physicalId, properties, number } = current
  if (!type?.read || physicalId === undefined) return { status: 'NOT_CHECKED' }
  const context = resourceContext({
    ...{ clock, scope, stack, logicalId, signal, typeName, number, purpose: 'read' },
    started: async () => undefined,
  })
  const actual = await type.read({ physicalId, properties }, context)
  if (!actual) return { status: 'DELETED' }
  const differences = propertyDifferences(withoutReferences(properties), actual)
  const changed = new Set(differences.map(({ path }) => path.split('/')[1] ?? ''))
  const found = Object.entries(actual).filter(([name]) => changed.has(name))
  return {
    status: differences.length === 0 ? 'IN_SYNC' : 'MODIFIED',
    actual,
    properties: { ...properties, ...Object.fromEntries(found) },
    differences,
  }
}

/** The record as it would be if the stack had made what is there; undefined when it is gone. */
export function asFound(record: ResourceRecord, live: LiveResource): ResourceRecord | undefined {
  if (live.status === 'DELETED') return undefined
  if (live.status !== 'MODIFIED') return record
  return { ...record, current: { ...record.current, properties: live.properties } }
}

/** The resource as the update finds it: as the stack made it, or, where drift is to be reverted, as it is; undefined when it is gone. */
export async function foundNow(
  work: WorkContext,
  known: ResourceRecord,
): Promise<Settled<ResourceRecord | undefined>> {
  const { stack } = work.journal
  if (!stack.revertsDrift) return { ok: true, state: known }
  const { clock, scope, stopping: signal } = work
  return settle(work, new Cancellation(true), async () => {
    const looking = { clock, scope, stack, signal }
    return asFound(known, await lookAtResource(looking, work.typeOf(known.type), known))
  })
}

/** What a secret's reference stands for is not read for a comparison. */
export function withoutReferences(properties: Properties): Properties {
  const known = Object.entries(properties).filter(
    ([, value]) => !JSON.stringify(value ?? null).includes('{{resolve:'),
  )
  return Object.fromEntries(known)
}

import type { Tag } from '../kernel/tags.ts'
import { evaluate, type Environment } from './domain/evaluate.ts'
import { orderOf } from './domain/dependency-graph.ts'
import type { Template } from './domain/template.ts'
import { sameValue } from './same-value.ts'
import type { Incarnation, ResourceRecord } from './stack-records.ts'

/** What an update would do to one resource, as change sets show it. */
export interface PlannedChange {
  readonly action: 'Add' | 'Modify' | 'Remove'
  readonly logicalId: string
  readonly type: string
  readonly physicalId?: string
  readonly replacement?: 'True' | 'False' | 'Conditional'
  readonly scope: readonly ('Properties' | 'Metadata')[]
  readonly details: readonly ChangedProperty[]
}

export interface ChangedProperty {
  readonly attribute: 'Properties' | 'Metadata'
  readonly name?: string
  readonly recreation: 'Never' | 'Always' | 'Conditionally'
  /** `Dynamic`: only applying it tells whether the value changes. */
  readonly evaluation: 'Static' | 'Dynamic'
}

/** What planning needs of the target and of the types; the engine's `StackModel` has it. */
export interface ChangeInput {
  readonly template: Template
  readonly included: ReadonlySet<string>
  readonly records: ReadonlyMap<string, ResourceRecord>
  environment(made: (logicalId: string) => Incarnation | undefined): Environment
  /** Coerced properties, or undefined when they are not allowed: a change that will fail. */
  properties(
    logicalId: string,
    environment: Environment,
  ): Readonly<Record<string, unknown>> | undefined
  replaces(type: string, property: string): boolean
  /** Whether a resource may change although its properties do not. */
  alwaysUpdates(type: string): boolean
}

/**
 * Compares the target with what there is, in the order of making, so that what depends on a replaced resource counts as changed
 * too. Sorted: by action as AWS does not promise any, then by logical id.
 */
export function planChanges(input: ChangeInput): readonly PlannedChange[] {
  const changes: PlannedChange[] = []
  /** Whose `Ref` and attributes only applying can tell. */
  const unknown = new Set<string>()
  const environment = input.environment((logicalId) =>
    unknown.has(logicalId) ? undefined : input.records.get(logicalId)?.current,
  )
  for (const logicalId of orderOf(input.template)) {
    if (!input.included.has(logicalId)) continue
    const change = changeOf(input, environment, logicalId)
    if (!change) continue
    changes.push(change)
    if (change.action === 'Add' || change.replacement === 'True') unknown.add(logicalId)
  }
  for (const { logicalId, type, current } of input.records.values()) {
    if (input.included.has(logicalId)) continue
    const { physicalId } = current
    const known = physicalId === undefined ? {} : { physicalId }
    changes.push({ action: 'Remove', logicalId, type, ...known, scope: [], details: [] })
  }
  return changes.toSorted((a, b) => (a.logicalId < b.logicalId ? -1 : 1))
}

function changeOf(
  input: ChangeInput,
  environment: Environment,
  logicalId: string,
): PlannedChange | undefined {
  const resource = input.template.resources.get(logicalId)
  if (!resource) return undefined
  const { type } = resource
  const record = input.records.get(logicalId)
  if (!record) return { action: 'Add', logicalId, type, scope: [], details: [] }
  const before = record.current.properties
  const after = input.properties(logicalId, environment) ?? {}
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  const details: ChangedProperty[] = names
    .filter((name) => !sameValue(before[name], after[name]))
    .map((name) => detailOf(name, input.replaces(type, name), isPending(after[name])))
  if (details.length === 0 && input.alwaysUpdates(type)) {
    details.push({ attribute: 'Properties', recreation: 'Never', evaluation: 'Dynamic' })
  }
  const metadata = resource.metadata ? evaluate(resource.metadata, environment) : undefined
  const isRetold = !sameValue(metadata, record.metadata)
  if (details.length === 0 && !isRetold) return undefined
  const physicalId = record.current.physicalId
  return {
    action: 'Modify',
    logicalId,
    type,
    ...(physicalId === undefined ? {} : { physicalId }),
    replacement: replacementOf(details),
    scope: [...(isRetold ? (['Metadata'] as const) : []), ...scopeOf(details)],
    details: isRetold
      ? [{ attribute: 'Metadata', recreation: 'Never', evaluation: 'Static' }, ...details]
      : details,
  }
}

function scopeOf(details: readonly ChangedProperty[]): readonly 'Properties'[] {
  return details.length > 0 ? ['Properties'] : []
}

function detailOf(name: string, isReplaced: boolean, isDynamic: boolean): ChangedProperty {
  const recreation = isReplaced ? (isDynamic ? 'Conditionally' : 'Always') : 'Never'
  const evaluation = isDynamic ? 'Dynamic' : 'Static'
  return { attribute: 'Properties', name, recreation, evaluation }
}

function replacementOf(details: readonly ChangedProperty[]): 'True' | 'False' | 'Conditional' {
  if (details.some(({ recreation }) => recreation === 'Always')) return 'True'
  return details.some(({ recreation }) => recreation === 'Conditionally') ? 'Conditional' : 'False'
}

/** Whether any part of a value is not known before it is applied. */
function isPending(value: unknown): boolean {
  if (typeof value === 'symbol') return true
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(isPending)
}

/** Whether two lists of tags are the same, in any order. */
export function sameTags(left: readonly Tag[], right: readonly Tag[]): boolean {
  const record = (tags: readonly Tag[]): Record<string, string> =>
    Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
  return sameValue(record(left), record(right))
}

import { tagsByKey, type Tag } from '../kernel/tags.ts'
import {
  contextText,
  propertyDetails,
  replacementOf,
  type ChangedProperty,
  type KnownChanges,
} from './change-details.ts'
import { evaluate, type Environment } from './domain/evaluate.ts'
import { orderOf } from './domain/dependency-graph.ts'
import { referencesOf, type Expression } from './domain/expression.ts'
import type { DeletionPolicy, Template } from './domain/template.ts'
import type { DriftStatus } from './domain/property-differences.ts'
import { sameValue } from './same-value.ts'
import type { Incarnation, ResourceRecord } from './stack-records.ts'

/** What an update would do to one resource, as change sets show it. */
export interface PlannedChange {
  readonly action: 'Add' | 'Modify' | 'Remove' | 'Import' | 'SyncWithActual'
  readonly logicalId: string
  readonly type: string
  readonly physicalId?: string
  readonly replacement?: 'True' | 'False' | 'Conditional'
  readonly scope: readonly ('Properties' | 'Metadata' | 'Tags')[]
  readonly details: readonly ChangedProperty[]
  /** What becomes of what is there now, when it does not stay. */
  readonly policy?: 'Delete' | 'Retain' | 'ReplaceAndDelete' | 'ReplaceAndRetain'
  /** ARN of the change set of the nested stack that the resource is. */
  readonly changeSetId?: string
  /** In a change set that reverts drift: how the resource was found. */
  readonly driftStatus?: DriftStatus
  /** JSON of the whole resource; see `contextText`. */
  readonly beforeContext?: string
  readonly afterContext?: string
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
  alwaysUpdates(logicalId: string): boolean
  /** The stack's template as it is. */
  readonly previous: Template | undefined
  /** Parameters whose value differs from the stack's. */
  readonly changedParameters: ReadonlySet<string>
  /** Parameters whose value is not to be shown. */
  readonly hiddenParameters: ReadonlySet<string>
  /** Whether the stack's tags change, and the type passes them on. */
  retags(type: string): boolean
}

/**
 * Compares the target with what there is, in the order of making, so that what depends on a replaced resource counts as changed
 * too. Sorted: by action as AWS does not promise any, then by logical id.
 */
export function planChanges(input: ChangeInput): readonly PlannedChange[] {
  const changes: PlannedChange[] = []
  /** Whose `Ref` and attributes only applying can tell. */
  const unknown = new Set<string>()
  const references = new Set<string>()
  const attributes = new Set<string>()
  const known = { parameters: input.changedParameters, references, attributes }
  const environment = input.environment((logicalId) =>
    unknown.has(logicalId) ? undefined : input.records.get(logicalId)?.current,
  )
  for (const logicalId of orderOf(input.template)) {
    if (!input.included.has(logicalId)) continue
    const change = changeOf(input, { environment, known }, logicalId)
    if (!change) continue
    changes.push(change)
    const isNew = change.action === 'Add' || change.replacement === 'True'
    if (isNew) unknown.add(logicalId)
    if (isNew || change.replacement === 'Conditional') references.add(logicalId)
    if (isNew || change.scope.includes('Properties')) attributes.add(logicalId)
  }
  for (const record of input.records.values()) {
    if (!input.included.has(record.logicalId)) changes.push(removalOf(input, record))
  }
  return changes.toSorted((a, b) => (a.logicalId < b.logicalId ? -1 : 1))
}

function removalOf(input: ChangeInput, record: ResourceRecord): PlannedChange {
  const { logicalId, type, current, deletionPolicy } = record
  const { physicalId } = current
  return {
    action: 'Remove',
    logicalId,
    type,
    ...(physicalId === undefined ? {} : { physicalId }),
    scope: [],
    details: [],
    policy: deletionPolicy === 'Delete' ? 'Delete' : 'Retain',
    beforeContext: contextText(current.properties, record.metadata, hiddenIn(input, logicalId)),
  }
}

interface Seen {
  readonly environment: Environment
  readonly known: KnownChanges
}

function changeOf(input: ChangeInput, seen: Seen, logicalId: string): PlannedChange | undefined {
  const resource = input.template.resources.get(logicalId)
  if (!resource) return undefined
  const { type } = resource
  const record = input.records.get(logicalId)
  const after = input.properties(logicalId, seen.environment) ?? {}
  const metadata = resource.metadata ? evaluate(resource.metadata, seen.environment) : undefined
  const hidden = hiddenIn(input, logicalId)
  const afterContext = contextText(after, metadata, hidden)
  if (!record) return { action: 'Add', logicalId, type, scope: [], details: [], afterContext }
  const properties = changedProperties(input, seen, { record, after, hidden })
  const isRetold = !sameValue(metadata, record.metadata)
  const isRetagged = input.retags(type)
  const details = [
    ...(isRetold ? [plainDetail('Metadata')] : []),
    ...properties,
    ...(isRetagged ? [plainDetail('Tags')] : []),
  ]
  if (details.length === 0) return undefined
  const { physicalId } = record.current
  const replacement = replacementOf(details)
  return {
    action: 'Modify',
    logicalId,
    type,
    ...(physicalId === undefined ? {} : { physicalId }),
    replacement,
    scope: [
      ...(isRetold ? (['Metadata'] as const) : []),
      ...(properties.length > 0 ? (['Properties'] as const) : []),
      ...(isRetagged ? (['Tags'] as const) : []),
    ],
    details,
    ...(replacement === 'False' ? {} : { policy: replacedPolicy(resource.updateReplacePolicy) }),
    beforeContext: contextText(record.current.properties, record.metadata, hidden),
    afterContext,
  }
}

function changedProperties(
  input: ChangeInput,
  { known }: Seen,
  at: {
    readonly record: ResourceRecord
    readonly after: Readonly<Record<string, unknown>>
    readonly hidden: ReadonlySet<string>
  },
): readonly ChangedProperty[] {
  const { logicalId, type, current } = at.record
  const before = current.properties
  const names = [...new Set([...Object.keys(before), ...Object.keys(at.after)])].toSorted()
  const details = names.flatMap((name) =>
    propertyDetails(
      {
        name,
        isReplaced: input.replaces(type, name),
        before: { value: before[name], expression: expressionOf(input.previous, logicalId, name) },
        after: { value: at.after[name], expression: expressionOf(input.template, logicalId, name) },
        isHidden: at.hidden.has(name),
      },
      known,
    ),
  )
  if (details.length > 0 || !input.alwaysUpdates(logicalId)) return details
  return [
    { attribute: 'Properties', recreation: 'Never', evaluation: 'Dynamic', source: 'Automatic' },
  ]
}

function plainDetail(attribute: 'Metadata' | 'Tags'): ChangedProperty {
  return {
    attribute,
    recreation: 'Never',
    evaluation: 'Static',
    source: 'DirectModification',
  }
}

function replacedPolicy(policy: DeletionPolicy): 'ReplaceAndDelete' | 'ReplaceAndRetain' {
  return policy === 'Delete' ? 'ReplaceAndDelete' : 'ReplaceAndRetain'
}

function expressionOf(
  template: Template | undefined,
  logicalId: string,
  name: string,
): Expression | undefined {
  const properties = template?.resources.get(logicalId)?.properties
  return properties?.kind === 'map' ? properties.entries.get(name) : properties
}

/** The properties that were or are made of a parameter or an attribute that is not to be shown. */
function hiddenIn(input: ChangeInput, logicalId: string): ReadonlySet<string> {
  const hidden = new Set<string>()
  for (const template of [input.template, input.previous]) {
    const properties = template?.resources.get(logicalId)?.properties
    if (properties?.kind !== 'map') continue
    for (const [name, expression] of properties.entries) {
      const isHidden = [...referencesOf(expression)].some((reference) =>
        reference.kind === 'getAtt'
          ? input.records.get(reference.logicalId)?.current.isHidden === true
          : input.hiddenParameters.has(reference.name),
      )
      if (isHidden) hidden.add(name)
    }
  }
  return hidden
}

/** Whether two lists of tags are the same, in any order. */
export function sameTags(left: readonly Tag[], right: readonly Tag[]): boolean {
  return sameValue(tagsByKey(left), tagsByKey(right))
}

import { referencesOf, type Expression } from './domain/expression.ts'
import { sameExpression } from './domain/same-expression.ts'
import { sameValue } from './same-value.ts'

/** One reason for which one part of a resource changes. */
export interface ChangedProperty {
  readonly attribute: 'Properties' | 'Metadata' | 'Tags'
  readonly name?: string
  readonly recreation: 'Never' | 'Always'
  /** `Dynamic`: only applying it tells whether the value changes. */
  readonly evaluation: 'Static' | 'Dynamic'
  readonly source: ChangeSource
  /** A parameter, a logical id, or `LogicalId.Attribute`. */
  readonly cause?: string
  /** Texts; absent where there is no value. */
  readonly before?: string
  readonly after?: string
}

type ChangeSource =
  | 'DirectModification'
  | 'ParameterReference'
  | 'ResourceReference'
  | 'ResourceAttribute'
  | 'Automatic'

/** What the resources that were looked at before tell of those after them. */
export interface KnownChanges {
  /** Parameters whose value differs from the stack's. */
  readonly parameters: ReadonlySet<string>
  /** Whose `Ref` may be another one afterwards. */
  readonly references: ReadonlySet<string>
  /** Whose attributes may be others afterwards. */
  readonly attributes: ReadonlySet<string>
}

interface PropertyComparison {
  readonly name: string
  readonly isReplaced: boolean
  readonly before: { readonly value: unknown; readonly expression: Expression | undefined }
  readonly after: { readonly value: unknown; readonly expression: Expression | undefined }
  readonly isHidden: boolean
}

type Cause = Pick<ChangedProperty, 'source' | 'cause' | 'evaluation'>

/** What shows instead of a value that only applying it can tell. */
export const pendingText = '{{changeSet:KNOWN_AFTER_APPLY}}'
const hiddenText = '****'
const unknownValue = Symbol('known after apply')

/**
 * Why one property changes, in AWS's terms: what the template says of it now, the parameters and the resources that it names. Empty
 * when it does not. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html
 */
export function propertyDetails(
  property: PropertyComparison,
  known: KnownChanges,
): readonly ChangedProperty[] {
  const { name, before, after } = property
  const isDifferent = !sameValue(before.value, after.value)
  const causes = causesIn(after.expression, known)
  const named = isDifferent ? causes : causes.filter(({ evaluation }) => evaluation === 'Dynamic')
  if (!isDifferent && named.length === 0) return []
  const isWritten = !sameExpression(before.expression, after.expression)
  const shown = {
    attribute: 'Properties' as const,
    name,
    recreation: property.isReplaced ? ('Always' as const) : ('Never' as const),
    ...textOf('before', before.value, property.isHidden),
    ...textOf('after', isDifferent ? after.value : unknownValue, property.isHidden),
  }
  return [...direct(named, isDifferent, isWritten), ...named].map((why) => ({ ...shown, ...why }))
}

/** AWS adds that a property may have been written anew wherever a parameter changed it. */
function direct(
  named: readonly Cause[],
  isDifferent: boolean,
  isWritten: boolean,
): readonly Cause[] {
  if (!isDifferent) return []
  const source = 'DirectModification'
  if (named.length === 0) return [{ source, evaluation: 'Static' }]
  const isPending = named.some(({ evaluation }) => evaluation === 'Dynamic')
  if (isWritten) return [{ source, evaluation: isPending ? 'Dynamic' : 'Static' }]
  return isPending ? [] : [{ source, evaluation: 'Dynamic' }]
}

function causesIn(expression: Expression | undefined, known: KnownChanges): readonly Cause[] {
  const causes = new Map<string, Cause>()
  for (const reference of expression ? referencesOf(expression) : []) {
    if (reference.kind === 'ref' && known.parameters.has(reference.name)) {
      const cause = reference.name
      causes.set(cause, { source: 'ParameterReference', cause, evaluation: 'Static' })
    }
    if (reference.kind === 'ref' && known.references.has(reference.name)) {
      const cause = reference.name
      causes.set(cause, { source: 'ResourceReference', cause, evaluation: 'Dynamic' })
    }
    if (reference.kind === 'getAtt' && known.attributes.has(reference.logicalId)) {
      const cause = `${reference.logicalId}.${reference.attribute}`
      causes.set(cause, { source: 'ResourceAttribute', cause, evaluation: 'Dynamic' })
    }
  }
  return [...causes.values()]
}

function textOf(
  member: 'before' | 'after',
  value: unknown,
  isHidden: boolean,
): { readonly before?: string; readonly after?: string } {
  if (value === undefined) return {}
  return { [member]: isHidden ? hiddenText : shownText(value) }
}

function shownText(value: unknown): string {
  const shown = shownValue(value)
  return typeof shown === 'string' ? shown : JSON.stringify(shown)
}

/** A value as JSON can have it: what is not known yet says so. */
function shownValue(value: unknown): unknown {
  if (typeof value === 'symbol') return pendingText
  if (Array.isArray(value)) return value.map(shownValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shownValue(inner)]))
}

/** The JSON that change sets show of a resource as a whole. */
export function contextText(
  properties: Readonly<Record<string, unknown>>,
  metadata: unknown,
  hidden: ReadonlySet<string>,
): string {
  const shown = Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      hidden.has(name) ? hiddenText : shownValue(value),
    ]),
  )
  return JSON.stringify({
    Properties: shown,
    ...(metadata === undefined ? {} : { Metadata: shownValue(metadata) }),
  })
}

/** Whether applying it makes a new resource: for certain, perhaps, or not. */
export function replacementOf(
  details: readonly Pick<ChangedProperty, 'recreation' | 'evaluation'>[],
): 'True' | 'False' | 'Conditional' {
  const always = details.filter(({ recreation }) => recreation === 'Always')
  if (always.some(({ evaluation }) => evaluation === 'Static')) return 'True'
  return always.length > 0 ? 'Conditional' : 'False'
}

import { referencesOf } from './expression.ts'
import type { TypeShape } from './property-tree.ts'
import { formatProblem, functionProblem } from './template-problem.ts'
import { expressionsOf, type ResourceDeclaration, type Template } from './template.ts'

export type TypeLookup = (name: string) => TypeShape | undefined

/**
 * That every resource that will be made has a type that is served here, and every `Fn::GetAtt` an attribute that the type has.
 * Throws a `TemplateProblem`.
 */
export function checkResourceTypes(
  template: Template,
  included: ReadonlySet<string>,
  typeOf: TypeLookup,
): void {
  const unknown = new Set<string>()
  for (const { logicalId, type } of template.resources.values()) {
    if (included.has(logicalId) && !typeOf(type)) unknown.add(type)
  }
  if (unknown.size > 0) {
    throw formatProblem(`Unrecognized resource types: [${[...unknown].join(', ')}]`)
  }
  for (const resource of template.resources.values()) {
    for (const expression of expressionsOf(resource)) checkAttributes(template, expression, typeOf)
    const type = typeOf(resource.type)
    if (type && included.has(resource.logicalId)) checkPolicies(resource, type)
  }
  for (const output of template.outputs.values()) checkAttributes(template, output.value, typeOf)
}

function checkPolicies(resource: ResourceDeclaration, type: TypeShape): void {
  const refused =
    (resource.creationPolicy && !type.signalledBy && 'CreationPolicy') ||
    (resource.updatePolicy && !type.updatePolicy && 'UpdatePolicy')
  if (!refused) return
  throw formatProblem(
    `${refused} of resource ${resource.logicalId} is not supported for ${type.name}`,
    resource.at,
  )
}

function checkAttributes(
  template: Template,
  expression: Parameters<typeof referencesOf>[0],
  typeOf: TypeLookup,
): void {
  for (const reference of referencesOf(expression)) {
    if (reference.kind !== 'getAtt') continue
    const type = typeOf(template.resources.get(reference.logicalId)?.type ?? '')
    if (!type || hasAttribute(type, reference.attribute)) continue
    throw functionProblem(
      `resource ${reference.logicalId} does not support attribute type ${reference.attribute} in Fn::GetAtt`,
    )
  }
}

/** `Outputs.*` stands for every attribute that begins with `Outputs.`. */
function hasAttribute({ attributes }: TypeShape, name: string): boolean {
  return attributes.some(
    (attribute) =>
      attribute === name ||
      attribute === '*' ||
      (attribute.endsWith('.*') && name.startsWith(attribute.slice(0, -1))),
  )
}

/** The capabilities that the included resources need, and the types that need them. */
export function capabilitiesOf(
  template: Template,
  included: ReadonlySet<string>,
  typeOf: TypeLookup,
): { readonly capabilities: readonly string[]; readonly types: readonly string[] } {
  const types = new Set<string>()
  let isNamed = false
  for (const { logicalId, type, properties } of template.resources.values()) {
    const capability = included.has(logicalId) ? typeOf(type)?.capability : undefined
    if (!capability) continue
    types.add(type)
    if (properties.kind === 'map' && properties.entries.has(capability.nameProperty)) isNamed = true
  }
  if (types.size === 0) return { capabilities: [], types: [] }
  const capabilities = [isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM']
  return { capabilities, types: [...types].toSorted() }
}

import { readExpression } from './read-expression.ts'
import { checkCount, sectionOf } from './sections.ts'
import { textOf, type SourceMap, type SourceNode } from './source-node.ts'
import { formatProblem, problem } from './template-problem.ts'
import { templateLimits, type DeletionPolicy, type ResourceDeclaration } from './template.ts'

const members: readonly string[] = [
  'Type',
  'Properties',
  'Metadata',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'CreationPolicy',
  'UpdatePolicy',
]

export function readResources(
  node: SourceNode | undefined,
): ReadonlyMap<string, ResourceDeclaration> {
  const entries = sectionOf(node, 'Resources')
  if (entries.size === 0) throw formatProblem('At least one Resources member must be defined.')
  checkCount('resources', entries.size, templateLimits.resources)
  return new Map([...entries].map(([id, inner]) => [id, readResource(id, inner)]))
}

function readResource(logicalId: string, node: SourceNode): ResourceDeclaration {
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId)) {
    throw formatProblem(`Resource name ${logicalId} is non alphanumeric.`, node)
  }
  if (node.kind !== 'map') {
    throw formatProblem(`[/Resources/${logicalId}] Every Resources member must be an object.`, node)
  }
  checkMembers(logicalId, node)
  const type = textOf(node.entries.get('Type'))
  if (!type) {
    throw formatProblem(
      `[/Resources/${logicalId}] Every Resources object must contain a Type member.`,
      node,
    )
  }
  const metadata = node.entries.get('Metadata')
  const creationPolicy = node.entries.get('CreationPolicy')
  const updatePolicy = node.entries.get('UpdatePolicy')
  return {
    logicalId,
    type,
    properties: propertiesOf(logicalId, node),
    metadata: metadata ? readExpression(metadata) : undefined,
    dependsOn: dependsOnOf(logicalId, node.entries.get('DependsOn')),
    condition: textOf(node.entries.get('Condition')),
    deletionPolicy: policyOf(logicalId, node, 'DeletionPolicy'),
    isDeletionPolicyGiven: node.entries.has('DeletionPolicy'),
    updateReplacePolicy: policyOf(logicalId, node, 'UpdateReplacePolicy'),
    creationPolicy: creationPolicy ? readExpression(creationPolicy) : undefined,
    updatePolicy: updatePolicy ? readExpression(updatePolicy) : undefined,
    at: node,
  }
}

function checkMembers(logicalId: string, node: SourceMap): void {
  for (const [member, inner] of node.entries) {
    if (!members.includes(member)) {
      throw problem(`Invalid template resource property '${member}'`, inner)
    }
  }
}

function propertiesOf(logicalId: string, node: SourceMap): ResourceDeclaration['properties'] {
  const properties = node.entries.get('Properties')
  const isAbsent = !properties || (properties.kind === 'scalar' && properties.value === null)
  if (isAbsent) return { kind: 'map', entries: new Map(), at: node }
  const expression = readExpression(properties)
  if (expression.kind === 'map') return expression
  throw formatProblem(`[/Resources/${logicalId}/Properties] must be an object.`, properties)
}

function dependsOnOf(logicalId: string, node: SourceNode | undefined): readonly string[] {
  if (!node) return []
  const items = node.kind === 'list' ? node.items : [node]
  return items.map((item) => {
    const text = textOf(item)
    if (text !== undefined) return text
    throw formatProblem(
      `[/Resources/${logicalId}/DependsOn] Every DependsOn value must be a string.`,
      node,
    )
  })
}

function policyOf(
  logicalId: string,
  node: SourceMap,
  member: 'DeletionPolicy' | 'UpdateReplacePolicy',
): DeletionPolicy {
  const inner = node.entries.get(member)
  if (!inner) return 'Delete'
  const policy = textOf(inner)
  if (policy === 'Delete' || policy === 'Retain') return policy
  if (policy === 'RetainExceptOnCreate' && member === 'DeletionPolicy') return policy
  const type = textOf(node.entries.get('Type')) ?? ''
  throw formatProblem(
    policy === 'Snapshot'
      ? `${member} Snapshot of resource ${logicalId} is not supported for ${type}`
      : `Unrecognized ${member} ${policy ?? ''} for resource ${logicalId}`,
    inner,
  )
}

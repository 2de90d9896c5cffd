import { referencesOf } from './expression.ts'
import { problem } from './template-problem.ts'
import { expressionsOf, type ResourceDeclaration, type Template } from './template.ts'

/** Who must be there first: `DependsOn`, and every `Ref`, `Fn::GetAtt` and `Fn::Sub` in its properties, metadata and policies. Sorted. */
export function dependenciesOf(
  template: Template,
  resource: ResourceDeclaration,
): readonly string[] {
  const ids = new Set(resource.dependsOn)
  for (const expression of expressionsOf(resource)) {
    for (const reference of referencesOf(expression)) {
      if (reference.kind === 'ref') ids.add(reference.name)
      if (reference.kind === 'getAtt') ids.add(reference.logicalId)
    }
  }
  return [...ids].filter((id) => template.resources.has(id)).toSorted()
}

/** Logical ids so that each comes after what it depends on. Throws `Circular dependency between resources: [A, B]`. */
export function orderOf(template: Template): readonly string[] {
  const edges = new Map<string, readonly string[]>()
  for (const [id, resource] of template.resources) edges.set(id, dependenciesOf(template, resource))
  const { order, rest } = sortTopologically(edges)
  if (rest.length > 0) {
    throw problem(`Circular dependency between resources: [${rest.join(', ')}]`)
  }
  return order
}

/** The conditions that wait for themselves; undefined when none does. */
export function conditionCycles(template: Template): readonly string[] | undefined {
  const edges = new Map<string, readonly string[]>()
  for (const [name, expression] of template.conditions) {
    const names = [...referencesOf(expression)]
      .filter((reference) => reference.kind === 'condition')
      .map((reference) => reference.name)
    edges.set(name, names)
  }
  const { rest } = sortTopologically(edges)
  return rest.length > 0 ? rest : undefined
}

/**
 * Orders nodes behind what they depend on, in rounds. `rest` holds the nodes on cycles, without those that merely lead to or
 * from one.
 */
function sortTopologically(edges: ReadonlyMap<string, readonly string[]>): {
  readonly order: readonly string[]
  readonly rest: readonly string[]
} {
  const order: string[] = []
  const open = new Map(edges)
  for (;;) {
    const ready = [...open].filter(([, after]) => !after.some((id) => open.has(id)))
    if (ready.length === 0) break
    for (const [id] of ready) order.push(id)
    for (const [id] of ready) open.delete(id)
  }
  return { order, rest: withoutLeaves(open) }
}

/** Takes away what nothing that is left depends on, until only cycles and the ways between them are left. */
function withoutLeaves(open: Map<string, readonly string[]>): readonly string[] {
  for (;;) {
    const needed = new Set([...open.values()].flat())
    const leaves = [...open.keys()].filter((id) => !needed.has(id))
    if (leaves.length === 0) return [...open.keys()].toSorted()
    for (const id of leaves) open.delete(id)
  }
}

import { textOf, type SourceMap, type SourceNode } from './source-node.ts'
import { formatProblem, functionProblem } from './template-problem.ts'

/** More than a template of 1 MB can hold when it is written out. */
const nodesMax = 100_000
const charactersMax = 4_000_000
/** AWS's quota of loops within loops. */
const depthMax = 5
const loopPrefix = 'Fn::ForEach::'

interface Expansion {
  /** The text of a parameter, or undefined when there is none. */
  readonly parameter: (name: string) => string | undefined
  nodes: number
  characters: number
}

type Bindings = ReadonlyMap<string, string>

/**
 * Writes out every `Fn::ForEach` of a template: `Fn::ForEach::Name: [Id, [a, b], {'Queue${Id}': …}]`. `${Id}` in keys and texts, and
 * `{Ref: Id}`, become each item; `&{Id}` becomes the item without what logical ids may not have.
 */
export function expandLoops(
  source: SourceMap,
  parameters: Readonly<Record<string, string>>,
): SourceMap {
  const declared = source.entries.get('Parameters')
  const expansion: Expansion = {
    nodes: 0,
    characters: 0,
    parameter(name) {
      const node = declared?.kind === 'map' ? declared.entries.get(name) : undefined
      const fallback = node?.kind === 'map' ? textOf(node.entries.get('Default')) : undefined
      return Object.hasOwn(parameters, name) ? parameters[name] : fallback
    },
  }
  return expandMap(source, expansion, new Map(), 0)
}

function expand(
  node: SourceNode,
  expansion: Expansion,
  bindings: Bindings,
  depth: number,
): SourceNode {
  expansion.nodes++
  if (expansion.nodes > nodesMax) throw tooMuch()
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string'
        ? { ...node, value: replaced(node.value, expansion, bindings) }
        : node
    case 'list':
      return { ...node, items: node.items.map((item) => expand(item, expansion, bindings, depth)) }
    case 'map': {
      const bound = bindings.get(refOf(node) ?? '')
      if (bound !== undefined) return { kind: 'scalar', line: node.line, value: bound }
      return expandMap(node, expansion, bindings, depth)
    }
  }
}

function expandMap(
  node: SourceMap,
  expansion: Expansion,
  bindings: Bindings,
  depth: number,
): SourceMap {
  const entries = new Map<string, SourceNode>()
  const add = (key: string, value: SourceNode): void => {
    if (entries.has(key)) throw formatProblem(`a loop makes ${key} twice`, node)
    entries.set(key, value)
  }
  for (const [key, value] of node.entries) {
    if (key.startsWith(loopPrefix)) {
      for (const [name, made] of looped(value, expansion, bindings, depth + 1)) add(name, made)
    } else {
      add(replaced(key, expansion, bindings), expand(value, expansion, bindings, depth))
    }
  }
  return { ...node, entries }
}

function* looped(
  node: SourceNode,
  expansion: Expansion,
  bindings: Bindings,
  depth: number,
): Generator<[string, SourceNode]> {
  if (depth > depthMax) throw functionProblem(`loops may be nested ${depthMax} deep`, node)
  const [name, collection, body, ...more] = node.kind === 'list' ? node.items : []
  const identifier = textOf(name)
  if (!identifier || !collection || body?.kind !== 'map' || more.length > 0) {
    throw functionProblem(
      'every Fn::ForEach requires an identifier, a collection and an object to repeat',
      node,
    )
  }
  for (const item of itemsOf(collection, expansion, bindings)) {
    const inner = new Map([...bindings, [identifier, item]])
    yield* expandMap(body, expansion, inner, depth).entries
  }
}

function itemsOf(node: SourceNode, expansion: Expansion, bindings: Bindings): readonly string[] {
  if (node.kind === 'list') {
    return node.items.flatMap((item) => {
      const text = textOf(item)
      return text === undefined
        ? listOf(item, expansion, bindings)
        : [replaced(text, expansion, bindings)]
    })
  }
  return listOf(node, expansion, bindings)
}

/** The items of a parameter, or the one item that a loop around this one is at. */
function listOf(node: SourceNode, expansion: Expansion, bindings: Bindings): readonly string[] {
  const name = refOf(node)
  const bound = bindings.get(name ?? '')
  if (bound !== undefined) return [bound]
  const text = name === undefined ? undefined : expansion.parameter(name)
  if (text !== undefined) return text === '' ? [] : text.split(',').map((item) => item.trim())
  throw functionProblem(
    'the collection of a Fn::ForEach must be a list of strings or the Ref of a parameter that has a value',
    node,
  )
}

function refOf(node: SourceNode): string | undefined {
  if (node.kind !== 'map' || node.entries.size !== 1) return undefined
  return textOf(node.entries.get('Ref'))
}

function tooMuch(): Error {
  return formatProblem('the loops of the template hold too much')
}

function replaced(text: string, expansion: Expansion, bindings: Bindings): string {
  if (bindings.size === 0) return text
  const spend = (characters: number): void => {
    expansion.characters += characters
    if (expansion.characters > charactersMax) throw tooMuch()
  }
  spend(text.length)
  return text.replaceAll(/([$&])\{([^{}]*)\}/g, (whole, sign: string, name: string) => {
    const value = bindings.get(name)
    if (value === undefined) return whole
    spend(value.length)
    return sign === '&' ? value.replaceAll(/[^A-Za-z0-9]/g, '') : value
  })
}

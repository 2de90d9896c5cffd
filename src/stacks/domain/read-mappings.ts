import { checkCount, sectionOf } from './sections.ts'
import type { Scalar, SourceMap, SourceNode } from './source-node.ts'
import { formatProblem } from './template-problem.ts'
import { templateLimits, type MappedValue, type Mappings } from './template.ts'

type Attributes = ReadonlyMap<string, MappedValue>

export function readMappings(node: SourceNode | undefined): Mappings {
  const entries = sectionOf(node, 'Mappings')
  checkCount('mappings', entries.size, templateLimits.mappings)
  return new Map([...entries].map(([name, mapping]) => [name, readMapping(name, mapping)]))
}

function readMapping(name: string, node: SourceNode): ReadonlyMap<string, Attributes> {
  const keys = mapOf(node, `[/Mappings/${name}]`)
  const mapping = new Map<string, Attributes>()
  for (const [key, attributes] of keys) {
    const place = `[/Mappings/${name}/${key}]`
    const values = mapOf(attributes, place)
    checkCount('mapping attributes', values.size, templateLimits.mappingAttributes)
    const read = [...values].map(([attribute, value]): [string, MappedValue] => [
      attribute,
      readValue(value, `${place} '${attribute}'`),
    ])
    mapping.set(key, new Map(read))
  }
  return mapping
}

function mapOf(node: SourceNode, place: string): SourceMap['entries'] {
  if (node.kind === 'map') return node.entries
  throw formatProblem(
    `${place} Every Mappings attribute must be a map of String or List values`,
    node,
  )
}

function readValue(node: SourceNode, place: string): MappedValue {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map((item) => readScalar(item, place))
  throw formatProblem(`${place} must be a String or a List.`, node)
}

function readScalar(node: SourceNode, place: string): Scalar {
  if (node.kind === 'scalar') return node.value
  throw formatProblem(`${place} must be a String or a List.`, node)
}

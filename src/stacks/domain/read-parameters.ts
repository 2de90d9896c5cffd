import { parameterKindOf } from './parameter-kinds.ts'
import { checkCount, sectionOf } from './sections.ts'
import { textOf, type SourceMap, type SourceNode } from './source-node.ts'
import { formatProblem, problem } from './template-problem.ts'
import { templateLimits, type ParameterDeclaration } from './template.ts'

const members: readonly string[] = [
  'Type',
  'Default',
  'AllowedValues',
  'AllowedPattern',
  'ConstraintDescription',
  'Description',
  'MinLength',
  'MaxLength',
  'MinValue',
  'MaxValue',
  'NoEcho',
]

export function readParameters(
  node: SourceNode | undefined,
): ReadonlyMap<string, ParameterDeclaration> {
  const entries = sectionOf(node, 'Parameters')
  checkCount('parameters', entries.size, templateLimits.parameters)
  return new Map([...entries].map(([name, inner]) => [name, readParameter(name, inner)]))
}

function readParameter(name: string, node: SourceNode): ParameterDeclaration {
  if (!/^[A-Za-z0-9]+$/.test(name)) {
    throw formatProblem(`Parameter name ${name} is non alphanumeric.`, node)
  }
  if (node.kind !== 'map') throw formatProblem(`[/Parameters/${name}] must be an object.`, node)
  const unknown = [...node.entries.keys()].find((member) => !members.includes(member))
  if (unknown) throw formatProblem(`Invalid template parameter property '${unknown}'`, node)
  const fallback = node.entries.get('Default')
  return {
    name,
    type: typeOf(name, node),
    default: fallback ? defaultText(name, fallback) : undefined,
    allowedValues: allowedValuesOf(name, node.entries.get('AllowedValues')),
    allowedPattern: patternOf(name, node.entries.get('AllowedPattern')),
    constraintDescription: textOf(node.entries.get('ConstraintDescription')),
    description: textOf(node.entries.get('Description')),
    lengthMin: numberOf(name, node, 'MinLength'),
    lengthMax: numberOf(name, node, 'MaxLength'),
    valueMin: numberOf(name, node, 'MinValue'),
    valueMax: numberOf(name, node, 'MaxValue'),
    noEcho: textOf(node.entries.get('NoEcho'))?.toLowerCase() === 'true',
  }
}

function typeOf(name: string, node: SourceMap): string {
  const type = textOf(node.entries.get('Type'))
  if (!type) {
    throw formatProblem(
      `Every Parameters object must contain a Type member: [/Parameters/${name}]`,
      node,
    )
  }
  if (!parameterKindOf(type)) throw formatProblem(`Unrecognized parameter type: ${type}`, node)
  return type
}

function defaultText(name: string, node: SourceNode): string {
  const text = textOf(node)
  if (text === undefined)
    throw formatProblem(`Every Default member must be a string: ${name}`, node)
  return text
}

function allowedValuesOf(name: string, node: SourceNode | undefined): string[] | undefined {
  if (!node) return undefined
  const bad = formatProblem(`AllowedValues of parameter ${name} must be a list of strings`, node)
  if (node.kind !== 'list') throw bad
  return node.items.map((item) => {
    const text = textOf(item)
    if (text === undefined) throw bad
    return text
  })
}

function patternOf(name: string, node: SourceNode | undefined): string | undefined {
  const pattern = textOf(node)
  if (pattern === undefined) return undefined
  try {
    void new RegExp(pattern)
    return pattern
  } catch {
    throw problem(
      `AllowedPattern of parameter ${name} is not a regular expression: ${pattern}`,
      node,
    )
  }
}

function numberOf(name: string, node: SourceMap, member: string): number | undefined {
  const inner = node.entries.get(member)
  if (!inner) return undefined
  const number = Number(textOf(inner) ?? 'none')
  if (Number.isFinite(number)) return number
  throw formatProblem(`${member} of parameter ${name} must be a number`, inner)
}

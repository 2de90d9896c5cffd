import type { Expression, FunctionName, SubPart } from './expression.ts'
import { textOf, type SourceMap, type SourceNode } from './source-node.ts'
import { functionProblem, problem } from './template-problem.ts'

/** The least and most operands of each function, and AWS's own words when there are others. */
const operandCounts: Readonly<Record<FunctionName, readonly [number, number, string]>> = {
  'Fn::Join': [
    2,
    2,
    'two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.',
  ],
  'Fn::Select': [2, 2, 'two non-null parameters, the index and the list of values'],
  'Fn::Split': [
    2,
    2,
    'two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.',
  ],
  'Fn::FindInMap': [
    3,
    4,
    'three parameters, the map name, map key and the attribute for return value',
  ],
  'Fn::Base64': [1, 1, 'one parameter, a string'],
  'Fn::GetAZs': [1, 1, 'one parameter, a region'],
  'Fn::Cidr': [
    2,
    3,
    'two or three parameters, the address block, the count and the number of bits',
  ],
  'Fn::If': [3, 3, 'three parameters, a condition and two values'],
  'Fn::And': [2, 10, '2 to 10 conditions'],
  'Fn::Or': [2, 10, '2 to 10 conditions'],
  'Fn::Not': [1, 1, 'exactly one condition, in a list'],
  'Fn::Equals': [2, 2, 'two parameters, the values to compare'],
  'Fn::ImportValue': [1, 1, 'one parameter, the name of an export'],
  'Fn::Length': [1, 1, 'one parameter, a list'],
  'Fn::ToJsonString': [1, 1, 'one parameter, an object or a list'],
  'Fn::Contains': [2, 2, 'two parameters, a list of strings and a string'],
  'Fn::EachMemberEquals': [2, 2, 'two parameters, a list of strings and a string'],
  'Fn::EachMemberIn': [2, 2, 'two parameters, both lists of strings'],
}

/** These take their one operand bare, not in a list. */
const bareOperand: readonly string[] = [
  'Fn::Base64',
  'Fn::GetAZs',
  'Fn::ImportValue',
  'Fn::Length',
  'Fn::ToJsonString',
]

/** What we know by name and do not do. */
const refusedFunctions: readonly string[] = [
  'Fn::Transform',
  'Fn::GetStackOutput',
  'Fn::RefAll',
  'Fn::ValueOf',
]

/** Understands the functions in a node. Throws a `TemplateProblem` naming the line. */
export function readExpression(node: SourceNode): Expression {
  switch (node.kind) {
    case 'scalar':
      return { kind: 'value', value: node.value, at: node }
    case 'list':
      return { kind: 'list', items: node.items.map(readExpression), at: node }
    case 'map':
      return readFunction(node) ?? readMap(node)
  }
}

function readMap(node: SourceMap): Expression {
  const entries = new Map<string, Expression>()
  for (const [key, value] of node.entries) {
    if (key.startsWith('Fn::')) {
      const rule = isKnown(key) ? `${key} must be the only key of its object` : refusalOf(key)
      throw functionProblem(rule, node)
    }
    entries.set(key, readExpression(value))
  }
  return { kind: 'map', entries, at: node }
}

function isKnown(name: string): boolean {
  return Object.hasOwn(operandCounts, name) || name === 'Fn::GetAtt' || name === 'Fn::Sub'
}

function refusalOf(name: string): string {
  if (name.startsWith('Fn::ForEach')) return `${name} needs the transform AWS::LanguageExtensions`
  return refusedFunctions.some((refused) => name.startsWith(refused))
    ? `${name} is not supported here`
    : `Encountered unsupported function: ${name}`
}

function readFunction(node: SourceMap): Expression | undefined {
  if (node.entries.size !== 1) return undefined
  const [[name, operand] = []] = node.entries
  if (name === undefined || operand === undefined) return undefined
  if (name === 'Ref') return readRef(node, operand)
  // `Condition` is also a plain key (in IAM policy statements, whose value is an object).
  if (name === 'Condition') {
    return operand.kind === 'scalar' && typeof operand.value === 'string'
      ? { kind: 'condition', name: operand.value, at: node }
      : undefined
  }
  if (name === 'Fn::GetAtt') return readGetAtt(node, operand)
  if (name === 'Fn::Sub') return readSub(node, operand)
  if (Object.hasOwn(operandCounts, name)) return readCall(name as FunctionName, node, operand)
  return undefined
}

function readRef(node: SourceMap, operand: SourceNode): Expression {
  const name = textOf(operand)
  if (!name) throw functionProblem('every Ref object must have a single String value.', node)
  return { kind: 'ref', name, at: node }
}

function readGetAtt(node: SourceMap, operand: SourceNode): Expression {
  const parts = operand.kind === 'list' ? operand.items.map(textOf) : splitFirst(textOf(operand))
  const [logicalId, ...rest] = parts
  if (!logicalId || rest.length === 0 || rest.some((part) => !part)) {
    throw functionProblem(
      'every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
      node,
    )
  }
  return { kind: 'getAtt', logicalId, attribute: rest.join('.'), at: node }
}

/** `Web.Endpoint.Address` is the attribute `Endpoint.Address` of `Web`. */
function splitFirst(text: string | undefined): readonly string[] {
  const dot = text?.indexOf('.') ?? -1
  return text === undefined || dot < 0 ? [] : [text.slice(0, dot), text.slice(dot + 1)]
}

function readCall(name: FunctionName, node: SourceMap, operand: SourceNode): Expression {
  const [least, most, wants] = operandCounts[name]
  const takesBare = bareOperand.includes(name)
  const bad = functionProblem(`every ${name} object requires ${wants}`, node)
  if (!takesBare && operand.kind !== 'list') throw bad
  const nodes = !takesBare && operand.kind === 'list' ? operand.items : [operand]
  if (nodes.length < least || nodes.length > most) throw bad
  const operands = (name === 'Fn::FindInMap' ? nodes.map(withoutName) : nodes).map(readExpression)
  if (name !== 'Fn::If') return { kind: 'call', name, operands, at: node }
  const [test, ...branches] = operands
  if (test?.kind !== 'value' || typeof test.value !== 'string') {
    throw functionProblem(
      'the first parameter of every Fn::If object is the name of a condition',
      node,
    )
  }
  const condition: Expression = { kind: 'condition', name: test.value, at: node }
  return { kind: 'call', name, operands: [condition, ...branches], at: node }
}

/** The fourth parameter of `Fn::FindInMap` is `{DefaultValue: …}`. */
function withoutName(node: SourceNode, index: number): SourceNode {
  if (index < 3) return node
  const value = node.kind === 'map' ? node.entries.get('DefaultValue') : undefined
  if (node.kind === 'map' && node.entries.size === 1 && value) return value
  throw functionProblem(
    'the fourth parameter of Fn::FindInMap is an object with DefaultValue',
    node,
  )
}

function readSub(node: SourceMap, operand: SourceNode): Expression {
  const [textNode, mapNode, ...rest] = operand.kind === 'list' ? operand.items : [operand]
  const text = textOf(textNode)
  const isMapForm = operand.kind === 'list'
  if (text === undefined || rest.length > 0 || (isMapForm && mapNode?.kind !== 'map')) {
    throw functionProblem(
      "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
      node,
    )
  }
  const variables = new Map<string, Expression>()
  if (mapNode?.kind === 'map') {
    for (const [name, value] of mapNode.entries) variables.set(name, readExpression(value))
  }
  return { kind: 'sub', parts: partsOf(text, variables, node), variables, at: node }
}

function partsOf(
  text: string,
  variables: ReadonlyMap<string, Expression>,
  node: SourceNode,
): readonly SubPart[] {
  const parts: SubPart[] = []
  let end = 0
  for (const match of text.matchAll(/\$\{([^{}]*)\}/g)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) })
    end = match.index + match[0].length
    parts.push(partOf(match[1] ?? '', variables, node))
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}

function partOf(
  name: string,
  variables: ReadonlyMap<string, Expression>,
  node: SourceNode,
): SubPart {
  if (name.startsWith('!')) return { text: `\${${name.slice(1)}}` }
  if (variables.has(name)) return { variable: name }
  if (!/^[A-Za-z0-9:._]+$/.test(name)) {
    throw problem(
      `Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons: ${name}`,
      node,
    )
  }
  const dot = name.indexOf('.')
  if (dot < 0) return { ref: name }
  return { logicalId: name.slice(0, dot), attribute: name.slice(dot + 1) }
}

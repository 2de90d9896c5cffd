import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type Node,
} from 'yaml'
import type { Scalar, SourceNode } from './domain/source-node.ts'
import { formatProblem, type TemplateProblem } from './domain/template-problem.ts'

/** Deeper than any template of use; bounds recursion in every reader. */
const depthMax = 100
/** Longer JSON is read without lines: finding them takes a second a megabyte, in which nothing else is answered. */
const linedLength = 100_000
/** A template of 1 MB has fewer; bounds what aliases can multiply to, and the time of every reader after. */
const nodesMax = 150_000

/** Longer YAML may take seconds. */
const quickLength = 51_200

/** Whether a text is read in less than the blink that others may have to wait. */
export function isQuick(text: string): boolean {
  return text.length <= quickLength || text.trimStart().startsWith('{')
}

/**
 * Reads JSON (text that begins with a brace) or YAML 1.1 with CloudFormation's short forms. A template is data from outside: size
 * is bounded by the caller; depth, aliases and node count here. Throws a `TemplateProblem`.
 */
export function readSource(text: string): SourceNode {
  const isJson = text.trimStart().startsWith('{')
  if (isJson) {
    const value = parseJson(text)
    if (text.length > linedLength) return fromJson(value, 0, { nodes: 0 })
  }
  const lines = new LineCounter()
  let document: Document
  try {
    document = parseDocument(text, {
      version: '1.1',
      lineCounter: lines,
      customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !isRefusedTag(tag.tag)),
      merge: false,
      stringKeys: true,
      // Comparing each key with each other takes time with the square of their number: `readPlain` looks.
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: false,
    })
  } catch (thrown) {
    // The parser recurses: text of nothing but brackets exhausts its stack.
    if (thrown instanceof RangeError) throw formatProblem('the template is nested too deeply')
    throw thrown
  }
  const error = isJson ? undefined : document.errors[0]
  if (error) {
    const { line, col } = lines.linePos(error.pos[0])
    throw notWellFormed(line, col, error.message)
  }
  const anchored = targetsOf(document)
  const reader: Reader = { anchored, lines, isJson, nodes: 0 }
  if (isJson && document.errors.length > 0) return fromJson(JSON.parse(text), 0, { nodes: 0 })
  return document.contents ? read(reader, document.contents, 0) : nothing(1)
}

function notWellFormed(line: number, column: number, message: string): TemplateProblem {
  return formatProblem(`YAML not well-formed. (line ${line}, column ${column}): ${message}`)
}

/** Dates stay text, as CloudFormation leaves them; the others it does not have. */
function isRefusedTag(tag: string): boolean {
  const [, name] = /^tag:yaml\.org,2002:(.+)$/.exec(tag) ?? []
  return ['timestamp', 'binary', 'omap', 'pairs', 'set', 'merge'].includes(name ?? '')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : ''
    const position = Number(/position (\d+)/.exec(words)?.[1] ?? text.length)
    const before = text.slice(0, position).split('\n')
    throw formatProblem(
      `JSON not well-formed. (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`,
    )
  }
}

interface Reader {
  readonly anchored: ReadonlyMap<Alias, Node>
  readonly lines: LineCounter
  readonly isJson: boolean
  nodes: number
}

/** What each alias stands for, in one walk: the library would walk the whole document for each. */
function targetsOf(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(document, {
    Alias(_key, alias) {
      const target = anchors.get(alias.source)
      if (target) targets.set(alias, target)
    },
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node)
    },
  })
  return targets
}

function nothing(line: number): SourceNode {
  return { kind: 'scalar', line, value: null }
}

function read(reader: Reader, node: Node, depth: number): SourceNode {
  const line = reader.lines.linePos(node.range?.[0] ?? 0).line
  reader.nodes++
  if (reader.nodes > nodesMax) throw at('the template holds too many values', line)
  if (depth > depthMax) throw at('the template is nested too deeply', line)
  if (isAlias(node)) {
    const target = reader.anchored.get(node)
    if (!target) throw at(`unresolved alias *${node.source}`, line)
    return read(reader, target, depth + 1)
  }
  const plain = readPlain(reader, node, line, depth)
  return node.tag?.startsWith('!') && !node.tag.startsWith('!!') ? longForm(node.tag, plain) : plain
}

function readPlain(reader: Reader, node: Node, line: number, depth: number): SourceNode {
  if (isScalar(node)) {
    const value = scalarOf(node.value, node.source)
    if (typeof value === 'string' && !isStorable(value)) throw at(notStorable, line)
    return { kind: 'scalar', line, value }
  }
  if (isSeq(node)) {
    const items = node.items.map((item) =>
      isNode(item) ? read(reader, item, depth + 1) : nothing(line),
    )
    return { kind: 'list', line, items }
  }
  if (!isMap(node)) throw at('unsupported structure.', line)
  const entries = new Map<string, SourceNode>()
  for (const { key, value } of node.items) {
    if (!isScalar(key)) throw at('every key must be a string', line)
    const name = String(scalarOf(key.value, key.source))
    if (name === '<<') throw at('YAML merge keys (<<) are not supported', line)
    if (entries.has(name) && !reader.isJson) {
      const { line: keyLine, col } = reader.lines.linePos(key.range?.[0] ?? 0)
      throw notWellFormed(keyLine, col, 'Map keys must be unique')
    }
    entries.set(name, isNode(value) ? read(reader, value, depth + 1) : nothing(line))
  }
  return { kind: 'map', line, entries }
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isSeq(value) || isMap(value) || isAlias(value)
}

const notStorable = 'a text holds a zero character or half of a surrogate pair'

/** What no store of JSON takes. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** A number that is not written the way we would write it stays text: `012345678901`, `1.10`, `22:22`; so do `y` and `n`. */
function scalarOf(value: unknown, source: string | undefined): Scalar {
  if (typeof value === 'number' && source !== undefined && String(value) !== source) return source
  if (typeof value === 'boolean' && source?.length === 1) return source
  if (typeof value === 'bigint') return source ?? String(value)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  return typeof value === 'string' ? value : (source ?? null)
}

const shortForms: readonly string[] = [
  'GetAtt',
  'Sub',
  'Join',
  'Select',
  'Split',
  'FindInMap',
  'Base64',
  'GetAZs',
  'If',
  'And',
  'Or',
  'Not',
  'Equals',
  'Cidr',
  'ImportValue',
  'Transform',
  'Length',
  'ToJsonString',
]

function longForm(tag: string, operand: SourceNode): SourceNode {
  const name = tag.slice(1)
  const { line } = operand
  if (name === 'Ref' || name === 'Condition') {
    return { kind: 'map', line, entries: new Map([[name, operand]]) }
  }
  if (shortForms.includes(name)) {
    return { kind: 'map', line, entries: new Map([[`Fn::${name}`, operand]]) }
  }
  throw at(`Encountered unsupported tag: ${tag}`, line)
}

function at(message: string, line: number): TemplateProblem {
  return formatProblem(message, nothing(line))
}

/** JSON that is very long, or that the YAML parser cannot follow (it is a little stricter), has no lines. */
function fromJson(value: unknown, depth: number, counted: { nodes: number }): SourceNode {
  const line = 0
  counted.nodes++
  if (counted.nodes > nodesMax) throw at('the template holds too many values', line)
  if (depth > depthMax) throw at('the template is nested too deeply', line)
  if (Array.isArray(value)) {
    return { kind: 'list', line, items: value.map((item) => fromJson(item, depth + 1, counted)) }
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]): [string, SourceNode] => [
      key,
      fromJson(inner, depth + 1, counted),
    ])
    return { kind: 'map', line, entries: new Map(entries) }
  }
  if (typeof value === 'string' && !isStorable(value)) throw at(notStorable, line)
  return { kind: 'scalar', line, value: scalarOf(value, undefined) }
}

import { emptyMap, readBase64, readBoolean, readNumber, type Decoding } from './decoding.ts'
import type { Pair } from './form.ts'
import { listIndexMax, nestingMax } from './limits.ts'
import { Malformed, readingParameter } from './malformed.ts'
import type { Fields, ListShape, MapShape, Member, Shape, StructureShape } from './shape.ts'
import { readTimestamp } from './timestamps.ts'

/** The two form protocols: EC2's names are capital and its lists have no wrapper. */
export type QueryDialect = 'awsQuery' | 'ec2Query'

/** `Filter.1.Value.2=x` as a tree. */
interface Node {
  text: string | undefined
  children: Map<string, Node> | undefined
}

/** Parameters of every request besides the operation's own. */
const protocolNames = new Set(['Action', 'Version', 'AWSAccountId', 'AUTHPARAMS'])

/** A request's parameters as the operation's typed input. */
export function decodeQuery(
  shape: StructureShape,
  pairs: readonly Pair[],
  dialect: QueryDialect,
  decoding: Decoding,
): Fields {
  const root: Node = { text: undefined, children: undefined }
  for (const [name, text] of pairs) {
    if (protocolNames.has(name) || name.startsWith('X-Amz-')) continue
    plant(root, name.split('.', nestingMax + 1), text)
  }
  return decodeStructure(shape, root, dialect, decoding)
}

function plant(root: Node, path: readonly string[], text: string): void {
  if (path.length > nestingMax) throw new Malformed(`nested deeper than ${nestingMax} levels`)
  let node = root
  for (const step of path) {
    node.children ??= new Map()
    let child = node.children.get(step)
    if (!child) {
      child = { text: undefined, children: undefined }
      node.children.set(step, child)
    }
    node = child
  }
  node.text = text
}

function decodeStructure(
  shape: StructureShape,
  node: Node,
  dialect: QueryDialect,
  decoding: Decoding,
): Fields {
  const decoded: Fields = {}
  if (!node.children) return decoded
  decoding.enter()
  for (const [name, child] of node.children) {
    const member = memberNamed(shape, name, dialect)
    if (!member) {
      decoding.unknownMembers += 1
      continue
    }
    const value = readingParameter(name, () => decodeMember(member, child, dialect, decoding))
    if (value !== undefined) decoded[member.name] = value
  }
  decoding.leave()
  return decoded
}

/** Older clients use the member's own name, and some a flattened list's item name (`Attribute.1`). */
function memberNamed(
  shape: StructureShape,
  name: string,
  dialect: QueryDialect,
): Member | undefined {
  const wire = dialect === 'ec2Query' ? shape.byEc2Name : shape.byXmlName
  return (
    wire.get(name) ??
    shape.byName.get(name) ??
    shape.members.find(
      ({ traits, shape: inner }) =>
        traits.xmlFlattened && inner.kind === 'list' && inner.item.traits.xmlName === name,
    )
  )
}

function decodeMember(
  member: Member,
  node: Node,
  dialect: QueryDialect,
  decoding: Decoding,
): unknown {
  const flat = dialect === 'ec2Query' || member.traits.xmlFlattened === 1
  return decodeShape(member.shape, node, { dialect, flat, decoding })
}

interface Way {
  readonly dialect: QueryDialect
  readonly flat: boolean
  readonly decoding: Decoding
}

function decodeShape(shape: Shape, node: Node, way: Way): unknown {
  if (shape.kind === 'structure') return decodeStructure(shape, node, way.dialect, way.decoding)
  if (shape.kind === 'list') return decodeList(shape, node, way)
  if (shape.kind === 'map') return decodeMap(shape, node, way)
  return readText(shape, node.text ?? '')
}

function decodeList(shape: ListShape, node: Node, way: Way): unknown[] {
  const wrapped = way.flat
    ? undefined
    : (node.children?.get(shape.item.traits.xmlName ?? 'member') ?? node.children?.get('member'))
  const flat = way.dialect === 'ec2Query'
  way.decoding.enter()
  const items = itemsOf(wrapped ?? node).map((item) =>
    decodeShape(shape.item.shape, item, { ...way, flat }),
  )
  way.decoding.leave()
  return items.filter((item) => item !== undefined)
}

function decodeMap(shape: MapShape, node: Node, way: Way): Fields {
  const holder = way.flat ? node : (node.children?.get('entry') ?? node)
  const keyName = shape.key.traits.xmlName ?? 'key'
  const valueName = shape.value.traits.xmlName ?? 'value'
  const decoded = emptyMap()
  way.decoding.enter()
  for (const entry of itemsOf(holder)) {
    const key = entry.children?.get(keyName)?.text
    const value = entry.children?.get(valueName)
    if (key === undefined) throw new Malformed('an entry of a map has no key')
    if (value) decoded[key] = decodeShape(shape.value.shape, value, { ...way, flat: false })
  }
  way.decoding.leave()
  return decoded
}

/** `X.1`, `X.2` and so on in the order of their numbers; gaps are closed. */
function itemsOf(node: Node): Node[] {
  const numbered: [number, Node][] = []
  for (const [name, child] of node.children ?? []) {
    if (!/^\d+$/.test(name)) throw new Malformed(`"${name.slice(0, 40)}" is not a list index`)
    const index = Number(name)
    if (index > listIndexMax) throw new Malformed(`a list index is above ${listIndexMax}`)
    numbered.push([index, child])
  }
  return numbered.sort((a, b) => a[0] - b[0]).map(([, child]) => child)
}

/** A scalar as text, in a form, a query string, a header or an XML element. An empty number is an absent one. */
export function readText(shape: Shape, text: string): unknown {
  switch (shape.kind) {
    case 'number':
      return text === '' ? undefined : readNumber(text)
    case 'boolean':
      return text === '' ? undefined : readBoolean(text)
    case 'timestamp':
      return text === '' ? undefined : readTimestamp(text)
    case 'blob':
      return readBase64(text)
    case 'string':
    case 'bigNumber':
    case 'document':
      return text
    case 'list':
    case 'map':
    case 'structure':
      throw new Malformed(`a ${shape.kind} stands where text is expected`)
  }
}

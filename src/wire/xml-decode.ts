import { emptyMap, type Decoding } from './decoding.ts'
import { readText } from './query-decode.ts'
import type { Fields, MapShape, Member, Shape, StructureShape } from './shape.ts'
import type { Element } from './xml-parse.ts'

/** An element's content as the shape's typed value. */
export function decodeXml(shape: Shape, element: Element, decoding: Decoding): unknown {
  switch (shape.kind) {
    case 'structure':
      return decodeXmlStructure(shape, element, decoding)
    case 'list': {
      decoding.enter()
      const items = element.children.map((child) => decodeXml(shape.item.shape, child, decoding))
      decoding.leave()
      return items
    }
    case 'map':
      return decodeEntries(shape, element.children, decoding)
    case 'string':
    case 'number':
    case 'boolean':
    case 'blob':
    case 'timestamp':
    case 'document':
    case 'bigNumber':
      return readText(shape, element.text)
  }
}

export function decodeXmlStructure(
  shape: StructureShape,
  element: Element,
  decoding: Decoding,
): Fields {
  decoding.enter()
  const decoded: Fields = {}
  const repeated = new Map<Member, Element[]>()
  for (const child of element.children) {
    const member = shape.byXmlName.get(child.name)
    if (!member || member.traits.xmlAttribute) decoding.unknownMembers += 1
    else if (member.traits.xmlFlattened) {
      const children = repeated.get(member)
      if (children) children.push(child)
      else repeated.set(member, [child])
    } else {
      const value = decodeXml(member.shape, child, decoding)
      if (value !== undefined) decoded[member.name] = value
    }
  }
  for (const [member, children] of repeated) {
    decoded[member.name] = decodeFlat(member.shape, children, decoding)
  }
  if (element.attributes.size > 0) readAttributes(shape, element, decoded)
  decoding.leave()
  return decoded
}

/** Attributes of the model carry their prefix, `xsi:type`. */
function readAttributes(shape: StructureShape, element: Element, decoded: Fields): void {
  for (const member of shape.members) {
    if (!member.traits.xmlAttribute) continue
    const value = element.attributes.get(member.xmlName)
    if (value !== undefined) decoded[member.name] = readText(member.shape, value)
  }
}

function decodeFlat(shape: Shape, children: readonly Element[], decoding: Decoding): unknown {
  if (shape.kind === 'map') return decodeEntries(shape, children, decoding)
  const item = shape.kind === 'list' ? shape.item.shape : shape
  return children.map((child) => decodeXml(item, child, decoding))
}

function decodeEntries(shape: MapShape, entries: readonly Element[], decoding: Decoding): Fields {
  const keyName = shape.key.traits.xmlName ?? 'key'
  const valueName = shape.value.traits.xmlName ?? 'value'
  const decoded = emptyMap()
  decoding.enter()
  for (const entry of entries) {
    const key = entry.children.find((child) => child.name === keyName)
    const value = entry.children.find((child) => child.name === valueName)
    if (key && value) decoded[key.text] = decodeXml(shape.value.shape, value, decoding)
  }
  decoding.leave()
  return decoded
}

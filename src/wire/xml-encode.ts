import { base64, isAbsent, plainText } from './json-encode.ts'
import type { Fields, ListShape, MapShape, Member, Shape, StructureShape } from './shape.ts'
import { writeTimestamp } from './timestamps.ts'
import type { TimestampFormat } from './shape.ts'

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

// oxlint-disable-next-line no-control-regex -- these are the characters that XML cannot hold
const special = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const everySpecial = new RegExp(special.source, 'g')
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
}

/** Characters that XML cannot hold at all are replaced: a reply must stay readable. */
export function escapeXml(text: string): string {
  if (!special.test(text)) return text
  return text.replace(everySpecial, (character) => escapes[character] ?? '\ufffd')
}

/** A scalar as text, for XML, headers and query strings. */
export function scalarText(shape: Shape, value: unknown, timestamps: TimestampFormat): string {
  if (shape.kind === 'timestamp') return writeTimestamp(value, shape.format ?? timestamps)
  if (shape.kind === 'blob') return base64(value)
  if (shape.kind === 'number' && shape.traits.double && Number.isSafeInteger(value)) {
    return `${String(value)}.0`
  }
  return plainText(value)
}

/** The members of a structure as elements, without an element around them. */
export function membersXml(
  shape: StructureShape,
  value: Fields,
  isWanted: (member: Member) => boolean = () => true,
): string {
  let xml = ''
  for (const member of shape.members) {
    const item = value[member.name]
    if (isAbsent(item) || member.traits.xmlAttribute || !isWanted(member)) continue
    xml += elementXml(member, member.xmlName, item)
  }
  return xml
}

function elementXml(member: Member, name: string, value: unknown): string {
  const { shape } = member
  if (shape.kind === 'structure') {
    const fields = value as Fields
    const attributes = attributesXml(shape, fields)
    return `<${name}${namespaceXml(member)}${attributes}>${membersXml(shape, fields)}</${name}>`
  }
  if (shape.kind === 'list') {
    return listXml(member, shape, { name, items: value as readonly unknown[] })
  }
  if (shape.kind === 'map') return mapXml(member, shape, { name, fields: value as Fields })
  const text = escapeXml(scalarText(shape, value, 'date-time'))
  return `<${name}${namespaceXml(member)}>${text}</${name}>`
}

/** An empty list is an empty element: left out, other clients would not give a list at all. */
function listXml(
  member: Member,
  shape: ListShape,
  list: { readonly name: string; readonly items: readonly unknown[] },
): string {
  const { name, items } = list
  const flat = member.traits.xmlFlattened
  const itemName = flat ? name : (shape.item.traits.xmlName ?? 'member')
  let xml = ''
  for (const item of items) {
    xml += isAbsent(item) ? `<${itemName}/>` : elementXml(shape.item, itemName, item)
  }
  return flat ? xml : `<${name}${namespaceXml(member)}>${xml}</${name}>`
}

function mapXml(
  member: Member,
  shape: MapShape,
  map: { readonly name: string; readonly fields: Fields },
): string {
  const { name, fields } = map
  const keyName = shape.key.traits.xmlName ?? 'key'
  const valueName = shape.value.traits.xmlName ?? 'value'
  const entryName = member.traits.xmlFlattened ? name : 'entry'
  let xml = ''
  for (const [key, item] of Object.entries(fields)) {
    if (isAbsent(item)) continue
    const value = elementXml(shape.value, valueName, item)
    xml += `<${entryName}><${keyName}>${escapeXml(key)}</${keyName}>${value}</${entryName}>`
  }
  return member.traits.xmlFlattened ? xml : `<${name}>${xml}</${name}>`
}

function namespaceXml(member: Member): string {
  const namespace = member.traits.xmlNamespace
  if (!namespace) return ''
  if (typeof namespace === 'string') return ` xmlns="${namespace}"`
  const [prefix, uri] = namespace
  return prefix ? ` xmlns:${prefix}="${uri}"` : ` xmlns="${uri}"`
}

function attributesXml(shape: StructureShape, value: Fields): string {
  let xml = ''
  for (const member of shape.members) {
    const item = value[member.name]
    if (!member.traits.xmlAttribute || isAbsent(item)) continue
    xml += ` ${member.xmlName}="${escapeXml(plainText(item))}"`
  }
  return xml
}

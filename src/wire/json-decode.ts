import { emptyMap, readBase64, type Decoding } from './decoding.ts'
import { Malformed } from './malformed.ts'
import type { Fields, Member, Shape, StructureShape } from './shape.ts'
import { readTimestamp } from './timestamps.ts'

/** Which names members have: the plain ones (awsJson), or `jsonName` (restJson1). */
export type JsonNames = 'names' | 'jsonNames'

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Malformed('the body is not JSON')
  }
}

/** A parsed JSON value as the shape's typed value. Throws `Malformed` where the types differ. */
export function decodeJson(
  shape: Shape,
  value: unknown,
  names: JsonNames,
  decoding: Decoding,
): unknown {
  switch (shape.kind) {
    case 'string':
      if (typeof value === 'string') return value
      throw mismatch(value, 'a string')
    case 'number':
      return decodeNumber(value)
    case 'boolean':
      if (typeof value === 'boolean') return value
      throw mismatch(value, 'a boolean')
    case 'blob':
      if (typeof value === 'string') return readBase64(value)
      throw mismatch(value, 'a blob')
    case 'timestamp':
      return readTimestamp(value)
    case 'bigNumber':
      return String(value)
    case 'document':
      return value
    case 'list':
      return decodeList(shape.item, value, names, decoding)
    case 'map':
      return decodeMap(shape.value, value, names, decoding)
    case 'structure':
      return decodeJsonStructure(shape, value, names, decoding)
  }
}

function decodeNumber(value: unknown): number {
  if (typeof value === 'number') return value
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  throw mismatch(value, 'a number')
}

function decodeList(item: Member, value: unknown, names: JsonNames, decoding: Decoding): unknown[] {
  if (!Array.isArray(value)) throw mismatch(value, 'a list')
  const items: readonly unknown[] = value
  decoding.enter()
  const decoded = items.map((each) =>
    each === null ? null : decodeJson(item.shape, each, names, decoding),
  )
  decoding.leave()
  return decoded
}

function decodeMap(item: Member, value: unknown, names: JsonNames, decoding: Decoding): Fields {
  if (!isObject(value)) throw mismatch(value, 'a map')
  decoding.enter()
  const decoded = emptyMap()
  for (const [key, each] of Object.entries(value)) {
    if (each !== null) decoded[key] = decodeJson(item.shape, each, names, decoding)
  }
  decoding.leave()
  return decoded
}

export function decodeJsonStructure(
  shape: StructureShape,
  value: unknown,
  names: JsonNames,
  decoding: Decoding,
): Fields {
  if (!isObject(value)) throw mismatch(value, 'a structure')
  decoding.enter()
  const members = names === 'names' ? shape.byName : shape.byJsonName
  const decoded: Fields = {}
  for (const name of Object.keys(value)) {
    const each = value[name]
    if (each === null) continue
    const member = members.get(name)
    if (member) decoded[member.name] = decodeJson(member.shape, each, names, decoding)
    else if (name !== '__type') decoding.unknownMembers += 1
  }
  decoding.leave()
  return decoded
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mismatch(value: unknown, wanted: string): Malformed {
  const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`
  return new Malformed(`${found} stands where ${wanted} is expected`)
}

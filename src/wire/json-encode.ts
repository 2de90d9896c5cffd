import type { JsonNames } from './json-decode.ts'
import {
  reachesDouble,
  type Fields,
  type Member,
  type Shape,
  type StructureShape,
} from './shape.ts'
import { dateOf, writeTimestamp } from './timestamps.ts'

/** A structure as JSON text. */
export function encodeJson(shape: StructureShape, value: Fields, names: JsonNames): string {
  return reachesDouble(shape)
    ? jsonText(shape, value, names)
    : JSON.stringify(jsonValue(shape, value, names))
}

/** The fast way: a plain object for `JSON.stringify`, which is quicker than writing text ourselves. */
export function jsonValue(shape: Shape, value: unknown, names: JsonNames): unknown {
  switch (shape.kind) {
    case 'string':
    case 'boolean':
    case 'document':
    case 'bigNumber':
      return value
    case 'number':
      return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
    case 'timestamp': {
      const format = shape.format ?? 'epoch'
      return format === 'epoch' ? dateOf(value).getTime() / 1000 : writeTimestamp(value, format)
    }
    case 'blob':
      return base64(value)
    case 'list':
      return (value as readonly unknown[]).map((item) =>
        isAbsent(item) ? null : jsonValue(shape.item.shape, item, names),
      )
    case 'map': {
      const entries: [string, unknown][] = []
      for (const [key, item] of Object.entries(value as Fields)) {
        entries.push([key, isAbsent(item) ? null : jsonValue(shape.value.shape, item, names)])
      }
      return Object.fromEntries(entries)
    }
    case 'structure':
      return structureValue(shape, value as Fields, names)
  }
}

function structureValue(shape: StructureShape, value: Fields, names: JsonNames): Fields {
  const written: Fields = {}
  for (const member of shape.members) {
    const item = value[member.name]
    if (!isAbsent(item)) written[nameOf(member, names)] = jsonValue(member.shape, item, names)
  }
  return written
}

/** The way that keeps `80.0` a floating number: other languages' clients tell it from a whole one. */
function jsonText(shape: Shape, value: unknown, names: JsonNames): string {
  switch (shape.kind) {
    case 'number':
      if (shape.traits.double && Number.isSafeInteger(value)) return `${String(value)}.0`
      return JSON.stringify(jsonValue(shape, value, names))
    case 'list': {
      const items = (value as readonly unknown[]).map((item) =>
        isAbsent(item) ? 'null' : jsonText(shape.item.shape, item, names),
      )
      return `[${items.join(',')}]`
    }
    case 'map': {
      const items = Object.entries(value as Fields).map(([key, item]) => {
        const text = isAbsent(item) ? 'null' : jsonText(shape.value.shape, item, names)
        return `${JSON.stringify(key)}:${text}`
      })
      return `{${items.join(',')}}`
    }
    case 'structure': {
      const items: string[] = []
      for (const member of shape.members) {
        const item = (value as Fields)[member.name]
        if (isAbsent(item)) continue
        items.push(`"${nameOf(member, names)}":${jsonText(member.shape, item, names)}`)
      }
      return `{${items.join(',')}}`
    }
    case 'string':
    case 'boolean':
    case 'blob':
    case 'timestamp':
    case 'document':
    case 'bigNumber':
      return JSON.stringify(jsonValue(shape, value, names))
  }
}

function nameOf(member: Member, names: JsonNames): string {
  return names === 'names' ? member.name : member.jsonName
}

/** A scalar as text. Anything else that stands there is a service's mistake, and becomes JSON so that it can be seen. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return JSON.stringify(value) ?? ''
}

export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

/** Blobs leave as bytes or as text. */
export function base64(value: unknown): string {
  return bytesOf(value).toString('base64')
}

export function bytesOf(value: unknown): Buffer {
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value as Uint8Array)
}

import type { Tag } from '../../kernel/tags.ts'
import { coerceProperties } from './coerce-properties.ts'
import type { PropertyRule, PropertyTree, TypeShape } from './property-tree.ts'

type Structure = Readonly<Record<string, unknown>>

/** A type as the models of its resources see it. */
export interface ModelShape extends TypeShape {
  readonly inventory?: { readonly identifier: string; readonly hidden?: readonly string[] }
}

/**
 * What a resource is, as Cloud Control shows it: properties of their own kinds, documents as structures, attributes beside them;
 * what has no value is left out, and what is hidden.
 */
export function resourceModel(type: ModelShape, described: Structure): Structure {
  const { hidden = [], identifier } = type.inventory ?? {}
  const attributes = readOnlyNames(type).filter((name) => !Object.hasOwn(type.properties, name))
  const shown = Object.entries(coerced(type, ownProperties(type, described)))
    .filter(([name]) => !hidden.includes(name))
    .map(([name, value]) => [name, told(ownTags(name, value), type.properties[name])] as const)
  const beside = [...attributes, ...(identifier === undefined ? [] : [identifier])]
    .filter((name) => !Object.hasOwn(type.properties, name))
    .map((name) => [name, described[name]] as const)
  return Object.fromEntries([...shown, ...beside].filter(([, value]) => !isNothing(value)))
}

/** Tags of whoever made it (a stack) are AWS's own, and not among its properties. */
export function reservedTags(described: Structure): readonly Tag[] {
  const tags = described['Tags']
  return Array.isArray(tags) ? (tags as readonly Tag[]).filter(isReserved) : []
}

function ownTags(name: string, value: unknown): unknown {
  if (name !== 'Tags' || !Array.isArray(value)) return value
  return (value as readonly Tag[]).filter((tag) => !isReserved(tag))
}

function isReserved(tag: Tag): boolean {
  return typeof tag.Key === 'string' && tag.Key.startsWith('aws:')
}

/** Those of its members that a template may give. */
export function ownProperties(type: ModelShape, model: Structure): Structure {
  const own = Object.entries(model).filter(([name]) => Object.hasOwn(type.properties, name))
  return Object.fromEntries(own)
}

/** Members that nobody gives: the identifier where it is none of the properties, and attributes. */
export function readOnlyNames(type: ModelShape): readonly string[] {
  const { identifier } = type.inventory ?? {}
  const names = [...type.attributes, ...(identifier === undefined ? [] : [identifier])]
  const own = names.filter((name) => !Object.hasOwn(type.properties, name) && !/[*.]/.test(name))
  return [...new Set(own)]
}

/** Numbers and flags that are kept as text are numbers and flags. */
function coerced(type: TypeShape, properties: Structure): Structure {
  const { name, properties: tree, attributes } = type
  const shape = { name, properties: tree, attributes, required: [] }
  const result = coerceProperties(name, shape, without(properties))
  return result.ok ? result.properties : properties
}

function without(properties: Structure): Structure {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => !isNothing(value)))
}

function told(value: unknown, rule: PropertyRule | undefined): unknown {
  if (rule === 'json') return typeof value === 'string' ? documentOf(value) : value
  if (typeof rule !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => told(item, rule))
  if (typeof value !== 'object' || value === null) return value
  return toldMembers(value, rule)
}

function toldMembers(value: object, tree: PropertyTree): Structure {
  const members = Object.entries(value).filter(([, inner]) => !isNothing(inner))
  return Object.fromEntries(members.map(([name, inner]) => [name, told(inner, tree[name])]))
}

function documentOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}

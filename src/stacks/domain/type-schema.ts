import type { PropertyRule, PropertyTree, TypeShape } from './property-tree.ts'

/** What of a resource type is a value and can be told. */
export interface ToldType extends TypeShape {
  readonly replaceOn: readonly string[]
  /** Absent: every change replaces. */
  readonly update?: unknown
  readonly read?: unknown
  /** Absent: Cloud Control has nothing to do with it. */
  readonly inventory?: { readonly identifier: string; readonly hidden?: readonly string[] }
}

type Schema = Readonly<Record<string, unknown>>

/** A type in the form of the registry's schemas, with what is honoured here and nothing else. */
export function typeSchema(type: ToldType): Schema {
  const paths = (names: readonly string[]): string[] => names.map((name) => `/properties/${name}`)
  return {
    typeName: type.name,
    description: `Resource Type definition for ${type.name}, as it is supported here`,
    properties: {
      ...membersOf(type.properties),
      ...Object.fromEntries(
        told(type.attributes)
          .filter((name) => !Object.hasOwn(type.properties, name))
          .map((name) => [name, { type: 'string' }]),
      ),
    },
    required: [...type.required],
    readOnlyProperties: paths(
      told(type.attributes).filter((name) => !Object.hasOwn(type.properties, name)),
    ),
    createOnlyProperties: paths(replacedBy(type)),
    additionalProperties: type.takesAnything === true,
    ...controlOf(type, paths),
  }
}

/** What a resource is known by, and what can be done with one at a time. */
function controlOf(type: ToldType, paths: (names: readonly string[]) => string[]): Schema {
  const { inventory, update } = type
  if (!inventory) return {}
  const handlers = ['create', 'read', ...(update ? ['update'] : []), 'delete', 'list']
  return {
    primaryIdentifier: paths([inventory.identifier]),
    writeOnlyProperties: paths(inventory.hidden ?? []),
    handlers: Object.fromEntries(handlers.map((name) => [name, { permissions: [] }])),
  }
}

/** Properties whose change makes a new resource. */
export function replacedBy(type: ToldType): readonly string[] {
  return type.update ? type.replaceOn : Object.keys(type.properties)
}

/** Attributes that have names of their own. */
function told(attributes: readonly string[]): readonly string[] {
  return attributes.filter((name) => !name.includes('*'))
}

function membersOf(tree: PropertyTree): Schema {
  return Object.fromEntries(Object.entries(tree).map(([name, rule]) => [name, ruleSchema(rule)]))
}

function ruleSchema(rule: PropertyRule): Schema {
  if (rule === true) return {}
  if (rule === 'json') return { type: ['object', 'string'] }
  if (typeof rule === 'string') return { type: rule }
  // A tree is a structure, or a list of such.
  const properties = membersOf(rule)
  return { type: ['object', 'array'], properties, items: { type: 'object', properties } }
}

import { isReference } from './dynamic-references.ts'
import { pending } from './evaluate.ts'
import type { PropertyRule, PropertyTree, TypeShape } from './property-tree.ts'

export type CoercedProperties =
  | { readonly ok: true; readonly properties: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly reason: string }

/**
 * Holds evaluated properties to their type: every one honoured, none missing, numbers and booleans as what they are. Values that
 * are pending pass; what is made of them is looked at again when it is known.
 */
export function coerceProperties(
  logicalId: string,
  type: TypeShape,
  properties: Readonly<Record<string, unknown>>,
): CoercedProperties {
  const problems: string[] = []
  for (const name of type.required) {
    if (properties[name] === undefined) problems.push(`#: required key [${name}] not found`)
  }
  const known = type.takesAnything ? only(properties, type.properties) : properties
  const coerced = {
    ...(type.takesAnything ? properties : {}),
    ...structureOf(known, type.properties, '#', problems),
  }
  const problem = problems.length === 0 ? type.problem?.(coerced) : undefined
  if (problem !== undefined) problems.push(problem)
  if (problems.length === 0) return { ok: true, properties: coerced }
  return {
    ok: false,
    reason: `Properties validation failed for resource ${logicalId} with message:\n${problems.join('\n')}`,
  }
}

function only(properties: Readonly<Record<string, unknown>>, tree: PropertyTree): object {
  const known = Object.entries(properties).filter(([name]) => Object.hasOwn(tree, name))
  return Object.fromEntries(known)
}

function structureOf(
  value: object,
  tree: PropertyTree,
  path: string,
  problems: string[],
): Record<string, unknown> {
  const structure: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) {
    const rule = Object.hasOwn(tree, name) ? tree[name] : undefined
    if (rule === undefined) {
      problems.push(`${path}: extraneous key [${name}] is not permitted: it is not supported here`)
      continue
    }
    structure[name] = valueOf(inner, rule, `${path}/${name}`, problems)
  }
  return structure
}

function valueOf(value: unknown, rule: PropertyRule, path: string, problems: string[]): unknown {
  if (value === pending || value === null || value === undefined || rule === true) return value
  // What it stands for is known when the resource is worked on, and looked at then.
  if (isReference(value)) return value
  if (rule === 'json') return typeof value === 'string' ? value : JSON.stringify(value)
  if (Array.isArray(value)) {
    return value.map((item, index) => valueOf(item, rule, `${path}/${index}`, problems))
  }
  if (typeof rule === 'object') {
    if (typeof value === 'object') return structureOf(value, rule, path, problems)
    problems.push(`${path}: expected type: JSONObject, found: ${wordOf(value)}`)
    return value
  }
  const scalar = scalarOf(value, rule)
  if (scalar === undefined) {
    problems.push(`${path}: expected type: ${wanted[rule]}, found: ${wordOf(value)}`)
  }
  return scalar
}

const wanted = { string: 'String', number: 'Number', boolean: 'Boolean' } as const

function wordOf(value: unknown): string {
  const words: Readonly<Record<string, string>> = wanted
  return words[typeof value] ?? 'JSONObject'
}

function scalarOf(value: unknown, kind: keyof typeof wanted): unknown {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return undefined
  }
  const text = String(value)
  if (kind === 'string') return text
  if (kind === 'number') {
    const number = text.trim() === '' ? Number.NaN : Number(text)
    return Number.isFinite(number) ? number : undefined
  }
  const lower = text.toLowerCase()
  return lower === 'true' || lower === 'false' ? lower === 'true' : undefined
}

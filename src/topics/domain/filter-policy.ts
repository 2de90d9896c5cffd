import { matchesPattern, type Json, type JsonObject } from './pattern.ts'
import { patternFault } from './pattern-fault.ts'
import type { MessageAttribute } from './message.ts'

export type FilterScope = 'MessageAttributes' | 'MessageBody'

/** AWS's bounds of a filter policy. */
const namesMax = 5
const combinationsMax = 150

/** What is wrong with a subscription's filter policy, in words. */
export function filterFault(policy: JsonObject, scope: FilterScope): string | undefined {
  if (Object.keys(policy).length === 0) return undefined
  const fault = patternFault(policy)
  if (fault !== undefined) return fault
  if (scope === 'MessageAttributes' && depthOf(policy) > 1) {
    return 'Filter policy scope MessageAttributes does not support nested filter policy'
  }
  const lists = listsOf(policy)
  if (lists.length > namesMax) return 'Filter policy can not have more than 5 keys'
  const combinations = lists.reduce((product, list) => product * list.length * list.depth, 1)
  return combinations > combinationsMax ? 'Filter policy is too complex' : undefined
}

/** An empty policy takes every message. */
export function passesFilter(
  policy: JsonObject | undefined,
  scope: FilterScope,
  message: {
    readonly body: string
    readonly attributes: Readonly<Record<string, MessageAttribute>>
  },
): boolean {
  if (policy === undefined || Object.keys(policy).length === 0) return true
  if (scope === 'MessageAttributes') return matchesPattern(policy, valuesOf(message.attributes))
  const body = parsed(message.body)
  // A body that is no object has no names to be matched.
  return typeof body === 'object' && body !== null && matchesPattern(policy, body)
}

function valuesOf(attributes: Readonly<Record<string, MessageAttribute>>): JsonObject {
  const values: Record<string, Json> = {}
  for (const [name, { type, text }] of Object.entries(attributes)) {
    if (text === undefined) continue
    if (type.startsWith('Number')) values[name] = Number(text)
    else values[name] = type === 'String.Array' ? (parsed(text) ?? text) : text
  }
  return values
}

export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Alternatives are no level of their own. */
function depthOf(policy: JsonObject): number {
  const depths = Object.entries(policy).map(([name, wanted]) => {
    if (name === '$or' && Array.isArray(wanted)) {
      return Math.max(...(wanted as readonly JsonObject[]).map(depthOf))
    }
    return Array.isArray(wanted) ? 1 : 1 + depthOf(wanted as JsonObject)
  })
  return Math.max(...depths)
}

function listsOf(
  policy: JsonObject,
  depth = 1,
): readonly { readonly length: number; readonly depth: number }[] {
  return Object.entries(policy).flatMap(([name, wanted]) => {
    if (name === '$or' && Array.isArray(wanted)) {
      return (wanted as readonly JsonObject[]).flatMap((one) => listsOf(one, depth))
    }
    if (Array.isArray(wanted)) return [{ length: wanted.length, depth }]
    return listsOf(wanted as JsonObject, depth + 1)
  })
}

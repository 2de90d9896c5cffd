import { isInRange } from './address-range.ts'

/** JSON as it was parsed. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** A pattern that `patternFault` found nothing wrong with. */
export type Pattern = JsonObject

/**
 * Whether an event, or a message's body, is what a pattern asks for: every name of the pattern is matched by the value of that name; of
 * the conditions in a list one suffices; of a list of values one suffices.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesPattern(pattern: Pattern, event: Json | undefined): boolean {
  if (Array.isArray(event)) return event.some((one: Json) => matchesPattern(pattern, one))
  const known = isObject(event) ? event : {}
  return Object.entries(pattern).every(([name, wanted]) => {
    const value = Object.hasOwn(known, name) ? known[name] : undefined
    if (name === '$or' && isAlternatives(wanted)) {
      return wanted.some((one) => matchesPattern(one, event))
    }
    if (Array.isArray(wanted)) return matchesAny(wanted as readonly Json[], value)
    return isObject(wanted) && matchesPattern(wanted, value)
  })
}

/** `$or` is a list of patterns; a list with anything else in it are conditions of a member of that name. */
export function isAlternatives(wanted: Json | undefined): wanted is readonly JsonObject[] {
  return Array.isArray(wanted) && wanted.length > 1 && wanted.every(isObject)
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One of the conditions holds for the value, or for one of the values when it is a list. */
function matchesAny(conditions: readonly Json[], value: Json | undefined): boolean {
  const leaves = leavesOf(value)
  return conditions.some((condition) => {
    if (isObject(condition) && 'exists' in condition) {
      return condition['exists'] === leaves.length > 0
    }
    return leaves.some((leaf) => holds(condition, leaf))
  })
}

type Leaf = string | number | boolean | null

/** Names of objects are no values: only what is in them is. */
function leavesOf(value: Json | undefined): readonly Leaf[] {
  if (value === undefined || isObject(value)) return []
  return Array.isArray(value)
    ? (value as readonly Json[]).flatMap((one) => leavesOf(one))
    : [value as Leaf]
}

function holds(condition: Json, leaf: Leaf): boolean {
  if (!isObject(condition)) return condition === leaf
  const [operator, operand] = onlyMember(condition)
  if (operator === 'anything-but') return isAnythingBut(operand, leaf)
  if (operator === 'numeric') return typeof leaf === 'number' && isWithin(operand, leaf)
  return typeof leaf === 'string' && holdsForText(operator, operand, leaf)
}

function holdsForText(operator: string, operand: Json, text: string): boolean {
  switch (operator) {
    case 'prefix':
      return startsWith(operand, text, (whole, part) => whole.startsWith(part))
    case 'suffix':
      return startsWith(operand, text, (whole, part) => whole.endsWith(part))
    case 'equals-ignore-case':
      return text.toLowerCase() === textOf(operand).toLowerCase()
    case 'wildcard':
      return matchesWildcard(textOf(operand), text)
    case 'cidr':
      return isInRange(textOf(operand), text)
    default:
      return false
  }
}

/** A checked condition has one. */
function onlyMember(condition: JsonObject): readonly [string, Json] {
  return Object.entries(condition)[0] ?? ['', null]
}

function textOf(operand: Json | undefined): string {
  return typeof operand === 'string' ? operand : ''
}

function startsWith(
  operand: Json,
  text: string,
  has: (whole: string, part: string) => boolean,
): boolean {
  if (!isObject(operand)) return has(text, textOf(operand))
  return has(text.toLowerCase(), textOf(operand['equals-ignore-case']).toLowerCase())
}

function isAnythingBut(operand: Json, leaf: Leaf): boolean {
  if (Array.isArray(operand)) return !operand.includes(leaf)
  if (!isObject(operand)) return operand !== leaf
  const [operator, inner] = onlyMember(operand)
  const unwanted = Array.isArray(inner) ? (inner as readonly Json[]) : [inner]
  return typeof leaf !== 'string' || !unwanted.some((one) => holdsForText(operator, one, leaf))
}

function isWithin(operand: Json, number: number): boolean {
  const terms = operand as readonly (string | number)[]
  for (let at = 0; at + 1 < terms.length; at += 2) {
    if (!compares(String(terms[at]), number, Number(terms[at + 1]))) return false
  }
  return true
}

function compares(operator: string, number: number, bound: number): boolean {
  switch (operator) {
    case '=':
      return number === bound
    case '<':
      return number < bound
    case '<=':
      return number <= bound
    case '>':
      return number > bound
    default:
      return number >= bound
  }
}

/** `*` is any text; `\*` and `\\` stand for themselves. No step goes back further than the last star, so it takes no exponential time. */
export function matchesWildcard(wildcard: string, text: string): boolean {
  const tokens = [...wildcard.matchAll(/\\[*\\]|[^]/gu)].map(([token]) => token)
  const characters = Array.from(text)
  let [token, at, star, resumed] = [0, 0, -1, 0]
  while (at < characters.length) {
    const wanted = tokens[token]
    if (wanted === '*') {
      ;[star, resumed] = [token, at]
      token++
    } else if (wanted !== undefined && wanted.slice(-1) === characters[at]) {
      token++
      at++
    } else if (star >= 0) {
      token = star + 1
      resumed++
      at = resumed
    } else {
      return false
    }
  }
  return tokens.slice(token).every((rest) => rest === '*')
}

import { isRange } from './address-range.ts'
import { isAlternatives, isObject, type Json, type JsonObject } from './pattern.ts'

/** What is wrong with a pattern, in words; undefined when it can be matched. */
export function patternFault(pattern: Json): string | undefined {
  if (!isObject(pattern)) return 'it must be an object'
  if (Object.keys(pattern).length === 0) return 'empty objects are not allowed'
  for (const [name, wanted] of Object.entries(pattern)) {
    const fault = memberFault(name, wanted)
    if (fault !== undefined) return fault
  }
  return undefined
}

function memberFault(name: string, wanted: Json): string | undefined {
  if (name === '$or' && isAlternatives(wanted)) return firstFault(wanted, patternFault)
  if (isObject(wanted)) return patternFault(wanted)
  if (!Array.isArray(wanted)) return `"${name}" must be an object or an array`
  if (wanted.length === 0) return 'empty arrays are not allowed'
  return firstFault(wanted, (condition: Json) => conditionFault(name, condition))
}

function firstFault<Item>(
  items: readonly Item[],
  faultOf: (item: Item) => string | undefined,
): string | undefined {
  for (const item of items) {
    const fault = faultOf(item)
    if (fault !== undefined) return fault
  }
  return undefined
}

const textOperators: readonly string[] = ['equals-ignore-case', 'prefix', 'suffix', 'wildcard']

function conditionFault(name: string, condition: Json): string | undefined {
  if (Array.isArray(condition)) return `match value of "${name}" must be a text, number or object`
  if (!isObject(condition)) return undefined
  const [operator = '', ...others] = Object.keys(condition)
  if (others.length > 0) return 'only one key allowed in match expression'
  const operand = condition[operator] ?? null
  switch (operator) {
    case 'exists':
      return typeof operand === 'boolean' ? undefined : 'exists match must be true or false'
    case 'cidr':
      return typeof operand === 'string' && isRange(operand) ? undefined : 'malformed CIDR'
    case 'numeric':
      return numericFault(operand)
    case 'anything-but':
      return anythingButFault(operand)
    default:
      return textFault(operator, operand)
  }
}

function textFault(operator: string, operand: Json): string | undefined {
  if (!textOperators.includes(operator)) return `unrecognized match type ${operator}`
  const mayIgnoreCase = operator === 'prefix' || operator === 'suffix'
  if (mayIgnoreCase && isObject(operand)) {
    const { 'equals-ignore-case': text, ...others } = operand as JsonObject
    const isWell = typeof text === 'string' && Object.keys(others).length === 0
    return isWell ? undefined : `${operator} match must be a text or {"equals-ignore-case": text}`
  }
  if (typeof operand !== 'string') return `${operator} match must be a text`
  if (operator === 'wildcard' && /(^|[^\\])(\\\\)*\*\*/.test(operand)) {
    return 'consecutive wildcard characters'
  }
  return operator === 'wildcard' || operand !== '' || operator === 'equals-ignore-case'
    ? undefined
    : `${operator} match must not be empty`
}

function anythingButFault(operand: Json): string | undefined {
  if (isObject(operand)) {
    const [operator = '', ...others] = Object.keys(operand)
    if (others.length > 0) return 'only one key allowed in anything-but'
    const inner = operand[operator] ?? null
    const texts = Array.isArray(inner) ? (inner as readonly Json[]) : [inner]
    if (texts.length === 0) return 'empty arrays are not allowed'
    return firstFault(texts, (text) => textFault(operator, text))
  }
  const values = Array.isArray(operand) ? (operand as readonly Json[]) : [operand]
  if (values.length === 0) return 'empty arrays are not allowed'
  const isPlain = (kind: string): boolean => values.every((value) => typeof value === kind)
  return isPlain('string') || isPlain('number')
    ? undefined
    : 'inside anything-but list, either all values are numbers or all are texts'
}

const bounds: readonly Json[] = ['=', '<', '<=', '>', '>=']

function numericFault(operand: Json): string | undefined {
  if (!Array.isArray(operand) || operand.length === 0) return 'numeric match must be an array'
  const terms = operand as readonly Json[]
  if (terms.length % 2 !== 0 || terms.length > 4) return 'numeric match takes one or two bounds'
  for (let at = 0; at < terms.length; at += 2) {
    if (!bounds.includes(terms[at] ?? null)) return `unrecognized numeric range operator`
    if (typeof terms[at + 1] !== 'number') return 'value of a numeric match must be a number'
  }
  if (terms.length === 2) return undefined
  const [low, from, high, until] = terms
  const isRising = /^>=?$/.test(`${low as string}`) && /^<=?$/.test(`${high as string}`)
  return isRising && Number(from) < Number(until)
    ? undefined
    : 'a numeric range goes from a lower bound (> or >=) to a higher one (< or <=)'
}

import { invalidPattern } from './pattern-fault.ts'
import type { PatternReader } from './pattern-reader.ts'
import { compileExpression, type Finder } from './regular-expression.ts'

export type Operator = '=' | '!=' | '<' | '>' | '<=' | '>='

/** What a field is compared with. */
export type Operand =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number; readonly text: string }
  | { readonly kind: 'expression'; readonly finds: Finder }

/** A field of an event: its text, and its number where it is one. */
export interface Field {
  readonly text: string
  readonly number: number | undefined
}

const operators: readonly Operator[] = ['!=', '<=', '>=', '=', '<', '>']
const bareText = /[^\s&|(),"%=<>!{}[\]]+/y
const numberText = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

export function readOperator(reader: PatternReader): Operator | undefined {
  reader.skipSpace()
  return operators.find((operator) => reader.take(operator))
}

export function readOperand(reader: PatternReader, operator: Operator): Operand {
  reader.skipSpace()
  const isOrder = operator !== '=' && operator !== '!='
  const operand = readAny(reader)
  if (isOrder && operand.kind !== 'number') {
    throw invalidPattern(`${operator} compares with a number only`)
  }
  return operand
}

function readAny(reader: PatternReader): Operand {
  if (reader.take('"')) return { kind: 'text', text: reader.takeQuoted() }
  if (reader.take('%')) {
    return { kind: 'expression', finds: compileExpression(reader.takeExpression()) }
  }
  const text = reader.takeRun(bareText)
  if (text === '') throw invalidPattern(`a value is missing at ${reader.place}`)
  const number = numberOf(text)
  return number === undefined ? { kind: 'text', text } : { kind: 'number', number, text }
}

export function numberOf(text: string): number | undefined {
  return numberText.test(text) ? Number(text) : undefined
}

/** Numbers are compared as numbers where both sides are, else as text, in which `*` stands for anything. */
export function compares(field: Field, operator: Operator, operand: Operand): boolean {
  if (operator === '=') return equals(field, operand)
  if (operator === '!=') return !equals(field, operand)
  if (operand.kind !== 'number' || field.number === undefined) return false
  const [a, b] = [field.number, operand.number]
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : a >= b
}

function equals({ text, number }: Field, operand: Operand): boolean {
  if (operand.kind === 'expression') return operand.finds(text)
  if (operand.kind === 'number') {
    return number === undefined ? text === operand.text : number === operand.number
  }
  return matchesStars(operand.text, text)
}

/** A star stands for any text; a question mark is only itself here. */
function matchesStars(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text
  const pieces = pattern.split('*')
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)]
  if (!text.startsWith(first) || text.length < first.length + last.length) return false
  if (!text.endsWith(last)) return false
  let at = first.length
  const end = text.length - last.length
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at)
    if (found < 0 || found + piece.length > end) return false
    at = found + piece.length
  }
  return true
}

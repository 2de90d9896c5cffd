import { invalidCharacters, invalidPattern } from './pattern-fault.ts'
import type { PatternReader } from './pattern-reader.ts'
import type { Field } from './comparison.ts'

/** `$.users[0].name`: a member's name, a place in a list, or every place of it. */
export interface Selector {
  /** As it was written. */
  readonly text: string
  /** `undefined` is the star. */
  readonly steps: readonly (string | number | undefined)[]
}

const memberName = /[A-Za-z0-9_@-]+/y
const place = /\d{1,9}/y

/** Past nothing: the next character has to be `$`. */
export function readSelector(reader: PatternReader): Selector {
  reader.skipSpace()
  if (!reader.take('$')) throw invalidPattern(`a selector is missing at ${reader.place}`)
  const steps: (string | number | undefined)[] = []
  let text = '$'
  for (;;) {
    if (reader.take('[')) {
      const step = readBracket(reader)
      steps.push(step)
      text += step === undefined ? '[*]' : typeof step === 'number' ? `[${step}]` : `['${step}']`
    } else if (reader.take('.')) {
      if (reader.next === '[') {
        text += '.'
        continue
      }
      const name = reader.takeRun(memberName)
      if (name === '')
        throw reader.isAtEnd
          ? invalidPattern('a selector ends with a dot')
          : invalidCharacters(`${text}.${reader.next}`)
      steps.push(name)
      text += `.${name}`
    } else return { text, steps }
  }
}

function readBracket(reader: PatternReader): string | number | undefined {
  let step: string | number | undefined
  if (reader.take('*')) step = undefined
  else if (reader.take('"')) step = reader.takeQuoted()
  else if (reader.take("'")) {
    step = reader.takeRun(/[^']*/y)
    if (!reader.take("'")) throw invalidPattern('a quote is not closed')
  } else {
    const digits = reader.takeRun(place)
    if (digits === '') throw invalidPattern(`a place in a list is missing at ${reader.place}`)
    step = Number(digits)
  }
  if (!reader.take(']')) throw invalidPattern(`a bracket is not closed at ${reader.place}`)
  return step
}

/** What it points at: nothing, one thing, or, with a star, several. */
export function select(json: unknown, { steps }: Selector): readonly unknown[] {
  let found: readonly unknown[] = [json]
  for (const step of steps) {
    found = found.flatMap((value): readonly unknown[] => {
      if (step === undefined) return Array.isArray(value) ? value : []
      if (typeof step === 'number') {
        return Array.isArray(value) && step < value.length ? [value[step]] : []
      }
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
      return Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : []
    })
  }
  return found
}

/** Text, numbers and truth values can be compared; lists, structures and null cannot. */
export function fieldOf(value: unknown): Field | undefined {
  if (typeof value === 'string') return { text: value, number: undefined }
  if (typeof value === 'number') return { text: String(value), number: value }
  if (typeof value === 'boolean') return { text: String(value), number: undefined }
  return undefined
}

import { compares, numberOf, readOperand, readOperator } from './comparison.ts'
import { readConditions, type Condition } from './conditions.ts'
import type { FilterPattern } from './filter-pattern.ts'
import { invalidPattern } from './pattern-fault.ts'
import type { PatternReader } from './pattern-reader.ts'

/** One place of `[ip, user, ..., status = 4*]`. */
interface Place {
  readonly name: string
  readonly holds: Condition<string> | undefined
}

interface Row {
  /** Before the ellipsis, or all when there is none. */
  readonly first: readonly Place[]
  /** After it; undefined when there is none, so that an event has to have just these fields. */
  readonly last: readonly Place[] | undefined
}

const fieldName = /[A-Za-z0-9_@$.-]+/y

/** The reader stands past the bracket. */
export function readFieldPattern(reader: PatternReader): FilterPattern {
  const row = readRow(reader)
  return {
    matches({ words }) {
      const places = placed(row, words)
      return (
        places?.every(([place, word]) => place === undefined || (place.holds?.(word) ?? true)) ??
        false
      )
    },
    extracted({ words }) {
      const extracted: Record<string, string> = {}
      for (const [index, [place, word]] of (placed(row, words) ?? []).entries()) {
        extracted[`$${place?.name || index + 1}`] = word
      }
      return extracted
    },
  }
}

function readRow(reader: PatternReader): Row {
  let first: readonly Place[] | undefined
  let places: Place[] = []
  do {
    reader.skipSpace()
    if (reader.take('...')) {
      if (first) throw invalidPattern('there is more than one ellipsis')
      first = places
      places = []
      reader.skipSpace()
    } else places.push(readPlace(reader))
  } while (reader.take(','))
  if (!reader.isAtEnd) throw invalidPattern(`what stands at ${reader.place} was not expected`)
  return first ? { first, last: places } : { first: places, last: undefined }
}

/** A name, with conditions or without; a place may have neither. */
function readPlace(reader: PatternReader): Place {
  if (reader.isAtEnd || reader.next === ',') return { name: '', holds: undefined }
  let name = ''
  let isBare = false
  const holds = readConditions<string>(reader, () => {
    reader.skipSpace()
    const named = reader.takeRun(fieldName)
    if (named === '') throw invalidPattern(`a field's name is missing at ${reader.place}`)
    if (name !== '' && named !== name) {
      throw invalidPattern(`the conditions of ${name} name ${named}`)
    }
    name = named
    const operator = readOperator(reader)
    if (!operator) {
      isBare = true
      return () => true
    }
    const operand = readOperand(reader, operator)
    return (text) => compares({ text, number: numberOf(text) }, operator, operand)
  })
  reader.skipSpace()
  return { name, holds: isBare ? undefined : holds }
}

/** Each field of an event with its place; undefined when they are too few or too many. */
function placed(
  { first, last }: Row,
  words: readonly string[],
): readonly (readonly [Place | undefined, string])[] | undefined {
  const between = words.length - first.length - (last?.length ?? 0)
  if (between < 0 || (last === undefined && between > 0)) return undefined
  const places = [...first, ...Array<undefined>(between).fill(undefined), ...(last ?? [])]
  return words.map((word, index) => [places[index], word])
}

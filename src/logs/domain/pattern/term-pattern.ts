import type { FilterPattern } from './filter-pattern.ts'
import { invalidCharacters, invalidPattern } from './pattern-fault.ts'
import type { PatternReader } from './pattern-reader.ts'
import { compileExpression, type Finder } from './regular-expression.ts'

type Sign = '' | '?' | '-'

interface Term {
  readonly sign: Sign
  readonly finds: Finder
}

const bareTerm = /[A-Za-z0-9_]+/y
const foreign = /[^A-Za-z0-9_\s]+/y

/**
 * `ERROR "exit code" -debug`: all of them, in any order, as parts of words too. With `?` before each, one of them is enough; beside
 * other terms those with `?` say nothing, as AWS has it.
 */
export function readTermPattern(reader: PatternReader): FilterPattern {
  const terms: Term[] = []
  for (reader.skipSpace(); !reader.isAtEnd; reader.skipSpace()) terms.push(readTerm(reader))
  const optional = terms.filter(({ sign }) => sign === '?')
  const others = terms.filter(({ sign }) => sign !== '?')
  return {
    matches({ text }) {
      if (others.length === 0)
        return optional.length === 0 || optional.some((term) => term.finds(text))
      return others.every((term) => term.finds(text) !== (term.sign === '-'))
    },
    extracted: () => ({}),
  }
}

function readTerm(reader: PatternReader): Term {
  const sign: Sign = reader.take('?') ? '?' : reader.take('-') ? '-' : ''
  if (sign !== '') reader.skipSpace()
  if (reader.take('"')) {
    const wanted = reader.takeQuoted()
    if (wanted === '') throw invalidPattern('a term is empty')
    return { sign, finds: (text) => text.includes(wanted) }
  }
  if (reader.take('%')) return { sign, finds: compileExpression(reader.takeExpression()) }
  const wanted = reader.takeRun(bareTerm)
  if (wanted === '') throw invalidCharacters(reader.isAtEnd ? sign : reader.takeRun(foreign))
  const rest = reader.takeRun(foreign)
  if (rest !== '') throw invalidCharacters(rest)
  return { sign, finds: (text) => text.includes(wanted) }
}

import { invalidPattern } from './pattern-fault.ts'
import type { PatternReader } from './pattern-reader.ts'

export type Condition<Subject> = (subject: Subject) => boolean

/** Parentheses inside each other. */
const nestingMax = 50

/** `a && (b || c)`, where `&&` binds closer than `||`. `readOne` reads a condition without operators. */
export function readConditions<Subject>(
  reader: PatternReader,
  readOne: () => Condition<Subject>,
  depth = 0,
): Condition<Subject> {
  if (depth > nestingMax) throw invalidPattern('there are too many parentheses')
  const readPrimary = (): Condition<Subject> => {
    reader.skipSpace()
    if (!reader.take('(')) return readOne()
    const inner = readConditions(reader, readOne, depth + 1)
    reader.skipSpace()
    if (!reader.take(')')) throw invalidPattern(`a parenthesis is not closed at ${reader.place}`)
    return inner
  }
  const readRow = (
    operator: string,
    read: () => Condition<Subject>,
  ): readonly Condition<Subject>[] => {
    const row = [read()]
    for (reader.skipSpace(); reader.take(operator); reader.skipSpace()) row.push(read())
    return row
  }
  const readAll = (): Condition<Subject> => {
    const all = readRow('&&', readPrimary)
    return (subject) => all.every((holds) => holds(subject))
  }
  const any = readRow('||', readAll)
  return (subject) => any.some((holds) => holds(subject))
}

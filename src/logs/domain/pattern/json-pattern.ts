import { compares, readOperand, readOperator } from './comparison.ts'
import { readConditions, type Condition } from './conditions.ts'
import type { FilterPattern } from './filter-pattern.ts'
import type { LogText } from './log-text.ts'
import { invalidPattern } from './pattern-fault.ts'
import type { PatternReader } from './pattern-reader.ts'
import { fieldOf, readSelector, select, type Selector } from './selector.ts'

/** `{ ($.status = 5*) && ($.user NOT EXISTS || $.latency > 1.5) }`; the reader stands past the brace. */
export function readJsonPattern(reader: PatternReader): FilterPattern {
  const selectors: Selector[] = []
  const holds = readConditions(reader, () => readCondition(reader, selectors))
  reader.skipSpace()
  if (!reader.isAtEnd) throw invalidPattern(`what stands at ${reader.place} was not expected`)
  return {
    matches: (message) => message.json !== undefined && holds(message.json),
    extracted: (message) => extractedBy(selectors, message),
  }
}

function readCondition(reader: PatternReader, selectors: Selector[]): Condition<unknown> {
  const selector = readSelector(reader)
  if (selector.steps.length === 0) throw invalidPattern('a selector names no member')
  selectors.push(selector)
  const state = readState(reader)
  if (state) return (json) => state(select(json, selector))
  const operator = readOperator(reader)
  if (!operator) throw invalidPattern(`an operator is missing at ${reader.place}`)
  const operand = readOperand(reader, operator)
  return (json) =>
    select(json, selector).some((value) => {
      const field = fieldOf(value)
      return field !== undefined && compares(field, operator, operand)
    })
}

const states: Readonly<Record<string, (found: readonly unknown[]) => boolean>> = {
  'IS NULL': (found) => found.some((value) => value === null),
  'IS TRUE': (found) => found.some((value) => value === true),
  'IS FALSE': (found) => found.some((value) => value === false),
  'NOT EXISTS': (found) => found.length === 0,
  EXISTS: (found) => found.length > 0,
}

function readState(reader: PatternReader): ((found: readonly unknown[]) => boolean) | undefined {
  reader.skipSpace()
  const words = reader
    .takeRun(/(?:IS\s+(?:NULL|TRUE|FALSE)|NOT\s+EXISTS|EXISTS)\b/iy)
    .replace(/\s+/g, ' ')
    .toUpperCase()
  return states[words]
}

function extractedBy(
  selectors: readonly Selector[],
  { json }: LogText,
): Readonly<Record<string, string>> {
  const extracted: Record<string, string> = {}
  for (const selector of selectors) {
    const [first] = select(json, selector)
    const field = fieldOf(first)
    if (field) extracted[selector.text] = field.text
  }
  return extracted
}

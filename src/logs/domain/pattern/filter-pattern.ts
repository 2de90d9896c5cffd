import { readFieldPattern } from './field-pattern.ts'
import { readJsonPattern } from './json-pattern.ts'
import type { LogText } from './log-text.ts'
import { invalidPattern } from './pattern-fault.ts'
import { PatternReader } from './pattern-reader.ts'
import { fieldOf, readSelector, select } from './selector.ts'
import { readTermPattern } from './term-pattern.ts'

/** Terms, conditions on JSON, or conditions on fields between blanks. */
export interface FilterPattern {
  matches(message: LogText): boolean
  /** What it names of an event that matches: `$.latency`, `$status`. */
  extracted(message: LogText): Readonly<Record<string, string>>
}

/** AWS's bounds of a pattern, and of the regular expressions in one of JSON or of fields. */
export const patternLengthMax = 1024
const expressionsMax = 2

/**
 * Throws `PatternFault`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseFilterPattern(pattern: string): FilterPattern {
  const start = pattern.length - pattern.trimStart().length
  const trimmed = pattern.trim()
  const end = start + trimmed.length
  const isJson = trimmed.startsWith('{') && trimmed.endsWith('}')
  const isFields = trimmed.startsWith('[') && trimmed.endsWith(']')
  if (!isJson && !isFields) return readTermPattern(new PatternReader(pattern, start, end))
  const expressions = trimmed.match(/%[^%]*%/g) ?? []
  if (expressions.length > expressionsMax) {
    throw invalidPattern(`there are more than ${expressionsMax} regular expressions`)
  }
  const reader = new PatternReader(pattern, start + 1, end - 1)
  return isJson ? readJsonPattern(reader) : readFieldPattern(reader)
}

/** How to find what a metric's value or dimension names in an event; undefined when nothing can be meant by it. */
export function referenceOf(
  pattern: FilterPattern,
  reference: string,
): ((message: LogText) => string | undefined) | undefined {
  if (/^\$[.[]/.test(reference)) {
    const reader = new PatternReader(reference)
    const selector = readSelector(reader)
    if (!reader.isAtEnd) return undefined
    return (message) => fieldOf(select(message.json, selector)[0])?.text
  }
  if (!/^\$[A-Za-z0-9_@.-]+$/.test(reference)) return undefined
  return (message) => pattern.extracted(message)[reference]
}

import { formPairsMax } from './limits.ts'
import { Malformed } from './malformed.ts'

export type Pair = readonly [string, string]

/** The pairs of a query string or an `application/x-www-form-urlencoded` body, in order. */
export function parsePairs(text: string): Pair[] {
  const pairs: Pair[] = []
  let start = 0
  while (start < text.length) {
    let end = text.indexOf('&', start)
    if (end < 0) end = text.length
    if (end > start) {
      if (pairs.length === formPairsMax) throw new Malformed(`more than ${formPairsMax} parameters`)
      pairs.push(parsePair(text.slice(start, end)))
    }
    start = end + 1
  }
  return pairs
}

function parsePair(text: string): Pair {
  const equals = text.indexOf('=')
  if (equals < 0) return [decodeText(text), '']
  return [decodeText(text.slice(0, equals)), decodeText(text.slice(equals + 1))]
}

function decodeText(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  return decodePercent(spaced)
}

/** Percent-decoding, of UTF-8 alone. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Malformed('a percent-encoding could not be read')
  }
}

/** The first value of a name. */
export function valueOf(pairs: readonly Pair[], name: string): string | undefined {
  return pairs.find(([key]) => key === name)?.[1]
}

/** A place among events, as a caller gets it: before it or after it, the reading goes on. */
export interface TokenPlace {
  readonly at: number
  readonly sequence: number
}

const timeDigits = 20
const sequenceDigits = 36

/** AWS's are 56 digits too. Places grow as their digits do. */
export function placeDigits({ at, sequence }: TokenPlace): string {
  return `${at}`.padStart(timeDigits, '0') + `${sequence}`.padStart(sequenceDigits, '0')
}

export function openPlace(digits: string): TokenPlace | undefined {
  if (!/^\d{56}$/.test(digits)) return undefined
  const at = Number(digits.slice(0, timeDigits))
  const sequence = Number(digits.slice(timeDigits))
  return Number.isSafeInteger(at) && Number.isSafeInteger(sequence) ? { at, sequence } : undefined
}

/** Of GetLogEvents: `f/<place>/s` goes on after the place, `b/<place>/s` before it. */
export function streamToken(direction: 'f' | 'b', place: TokenPlace): string {
  return `${direction}/${placeDigits(place)}/s`
}

export function openStreamToken(
  token: string,
): { readonly direction: 'f' | 'b'; readonly place: TokenPlace } | undefined {
  const [, direction, digits = ''] = /^([fb])\/(\d+)\/s$/.exec(token) ?? []
  const place = openPlace(digits)
  if (!place || (direction !== 'f' && direction !== 'b')) return undefined
  return { direction, place }
}

/** One page of a list, and the token of the next one when there is more. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextToken: string | undefined
}

export interface PageRequest {
  readonly nextToken: string | undefined
  readonly itemsMax: number
}

/**
 * Cuts a page out of a list that is sorted by a stable key. The token names the key of the last item given, so that
 * items made or removed in between neither repeat nor hide others. Returns undefined for a token that we did not make.
 */
export function pageOf<T>(
  sorted: readonly T[],
  keyOf: (item: T) => string,
  request: PageRequest,
): Page<T> | undefined {
  let start = 0
  if (request.nextToken !== undefined) {
    const after = openToken(request.nextToken)
    if (after === undefined) return undefined
    start = sorted.findIndex((item) => keyOf(item) > after)
    if (start < 0) start = sorted.length
  }
  const items = sorted.slice(start, start + request.itemsMax)
  const last = items.at(-1)
  const more = start + items.length < sorted.length && last !== undefined
  return { items, nextToken: more ? sealToken(keyOf(last)) : undefined }
}

const tokenMark = 'ek1.'

/** Opaque to callers, printable, and safe in a URL: for lists that are read page by page. */
export function sealToken(key: string): string {
  let hex = ''
  for (const character of key) hex += character.codePointAt(0)!.toString(16).padStart(6, '0')
  return tokenMark + hex
}

/** Undefined for a token that we did not make. */
export function openToken(token: string): string | undefined {
  if (!token.startsWith(tokenMark)) return undefined
  const hex = token.slice(tokenMark.length)
  if (hex.length % 6 !== 0 || !/^[0-9a-f]*$/.test(hex)) return undefined
  let key = ''
  for (let i = 0; i < hex.length; i += 6) {
    const codePoint = Number.parseInt(hex.slice(i, i + 6), 16)
    if (codePoint > 0x10ffff) return undefined
    key += String.fromCodePoint(codePoint)
  }
  return key
}

import type { RequestHead } from './request-head.ts'

/**
 * The request line and headers for the next hop, from the parsed head alone: no byte of the client's own framing goes on.
 * `omitted` are lower-case names, `added` whole lines with their CR LF.
 */
export function forwardHead(
  head: RequestHead,
  how: {
    readonly omitted: ReadonlySet<string>
    readonly added: string
    /** Names that are not letters, digits and hyphens stay behind. */
    readonly dropsInvalid?: boolean
    /** Rather than the client's own. */
    readonly host?: string
  },
): string {
  let text = `${head.method} ${head.target} HTTP/1.1\r\nHost: ${how.host ?? head.host}\r\n`
  for (const [name, , line] of head.headers) {
    if (how.omitted.size > 0 && how.omitted.has(name.toLowerCase())) continue
    if (how.dropsInvalid !== true || /^[A-Za-z0-9-]+$/.test(name)) text += line
  }
  text += how.added
  return head.isWebSocket ? `${text}Connection: upgrade\r\nUpgrade: websocket\r\n` : text
}

/** The value of a header, joined when it is there several times; undefined when it is not. */
export function headerOf(
  head: RequestHead,
  lowerCaseName: string,
  separator = ', ',
): string | undefined {
  let found: string | undefined
  for (const [name, value] of head.headers) {
    if (name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) {
      found = found === undefined ? value : `${found}${separator}${value}`
    }
  }
  return found
}

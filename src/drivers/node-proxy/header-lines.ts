/**
 * The one reader of header lines, for requests, responses and trailers. It is strict where leniency lets two readers
 * disagree about where a message ends: a name is a token right before its colon, a value holds no control character but a
 * tab, and a line ends with CR LF. Folded lines, bare CR or LF and NUL are therefore no header at all (RFC 9112 §5).
 */
export type HeaderList = readonly HeaderLine[]

/** `line` is the whole line as we write it: name, colon, one space, value, CR LF. */
export type HeaderLine = readonly [name: string, value: string, line: string]

/** Header fields of one message; more are refused. AWS documents no number; Node's own limit is 2,000. */
export const headerCountMax = 200
/** ALB: 64 KB for an entire head, 16 KB for a request line or one header. */
export const headBytesMax = 64 * 1024
export const lineBytesMax = 16 * 1024

/** By character code, 1 where the character may be: looked up for each character of each head. */
const inName = tableOf(/[!#$%&'*+\-.^_`|~0-9A-Za-z]/)
const inValue = tableOf(/[\t\x20-\x7e\x80-\xff]/)

function tableOf(allowed: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) =>
    allowed.test(String.fromCharCode(code)) ? 1 : 0,
  )
}

/** Whether a value holds nothing that could end its line, or anything else that is no text. */
export function isValueText(value: string): boolean {
  for (let at = 0; at < value.length; at++) if (inValue[value.charCodeAt(at)] !== 1) return false
  return true
}

export type HeaderFault = 'malformed' | 'too-large'

/** Reads the lines from `start` to the end of `text`, which ends with the last line's CR LF. */
export function readHeaderLines(text: string, start: number): HeaderLine[] | HeaderFault {
  const headers: HeaderLine[] = []
  let at = start
  while (at < text.length) {
    let colon = at
    while (inName[text.charCodeAt(colon)] === 1) colon++
    if (colon === at || text.charCodeAt(colon) !== 0x3a) return 'malformed'
    let end = colon + 1
    while (inValue[text.charCodeAt(end)] === 1) end++
    if (text.charCodeAt(end) !== 0x0d || text.charCodeAt(end + 1) !== 0x0a) return 'malformed'
    if (end + 2 - at > lineBytesMax) return 'too-large'
    headers.push(lineOf(text, { at, colon, end }))
    if (headers.length > headerCountMax) return 'too-large'
    at = end + 2
  }
  return headers
}

function lineOf(text: string, place: { at: number; colon: number; end: number }): HeaderLine {
  const { at, colon, end } = place
  let from = colon + 1
  while (from < end && isBlank(text.charCodeAt(from))) from++
  let to = end
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  const name = text.slice(at, colon)
  const value = text.slice(from, to)
  const isAsWeWrite = to === end && from === colon + 2 && text.charCodeAt(colon + 1) === 0x20
  return [name, value, isAsWeWrite ? text.slice(at, end + 2) : `${name}: ${value}\r\n`]
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** `Content-Length` is digits and nothing else, and fits a safe integer. */
export function contentLengthOf(value: string): number | undefined {
  return /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined
}

/** The lower-case tokens of a list header such as `Connection`. */
export function tokensOf(value: string): readonly string[] {
  const lower = value.toLowerCase()
  // Nearly always one token that stands alone, as it is read.
  if (/^[a-z-]*$/.test(lower)) return lower === '' ? none : [lower]
  return lower
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '')
}

const none: readonly string[] = []

const connectionBound = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
const boundLengths = new Set([...connectionBound].map((name) => name.length))

/** Whether a header, in any case, speaks of one connection only and is not passed on. Framing is among them: it is written anew. */
export function isConnectionBound(name: string): boolean {
  return boundLengths.has(name.length) && connectionBound.has(name.toLowerCase())
}

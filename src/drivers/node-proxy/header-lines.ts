/**
 * The one reader of header lines, for requests, responses and trailers. It is strict where leniency lets two readers
 * disagree about where a message ends: a name is a token right before its colon, a value holds no control character but a
 * tab, and a line ends with CR LF. Folded lines, bare CR or LF and NUL are therefore no header at all (RFC 9112 §5).
 */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** Header fields of one message; more are refused. AWS documents no number; Node's own limit is 2,000. */
const headerCountMax = 200
/** ALB: 64 KB for an entire head, 16 KB for a request line or one header. */
export const headBytesMax = 64 * 1024
export const lineBytesMax = 16 * 1024

const headerLine = /([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)\r\n/y

export type HeaderFault = 'malformed' | 'too-large'

/** Reads the lines from `start` to the end of `text`, which ends with the last line's CR LF. */
export function readHeaderLines(text: string, start: number): [string, string][] | HeaderFault {
  const headers: [string, string][] = []
  let at = start
  while (at < text.length) {
    headerLine.lastIndex = at
    const match = headerLine.exec(text)
    if (match === null) return 'malformed'
    if (headerLine.lastIndex - at > lineBytesMax) return 'too-large'
    at = headerLine.lastIndex
    headers.push([match[1]!, trimEnd(match[2]!)])
    if (headers.length > headerCountMax) return 'too-large'
  }
  return headers
}

function trimEnd(value: string): string {
  let end = value.length
  while (end > 0 && isBlank(value.charCodeAt(end - 1))) end--
  return end === value.length ? value : value.slice(0, end)
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
  return value
    .toLowerCase()
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '')
}

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

/** Whether a header speaks of one connection only and is not passed on. Framing is among them: it is written anew. */
export function isConnectionBound(lowerCaseName: string): boolean {
  return connectionBound.has(lowerCaseName)
}

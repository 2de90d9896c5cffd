import {
  contentLengthOf,
  isConnectionBound,
  lineBytesMax,
  readHeaderLines,
  tokensOf,
  type HeaderList,
} from './header-lines.ts'
import { chunked, type Framing } from './framing.ts'
import { classify, hasOddText, isSuspicious, type Classification } from './desync.ts'

/** A request head that has one meaning only. */
export interface RequestHead {
  readonly method: string
  /** `/path?query`, or `*` for OPTIONS. */
  readonly target: string
  /** The minor version: HTTP/1.0 or HTTP/1.1. */
  readonly minor: 0 | 1
  /** As the client named us; empty when an HTTP/1.0 client did not. */
  readonly host: string
  /** What may be passed on: no connection-bound headers, no framing, no Host, no Expect. */
  readonly headers: HeaderList
  readonly framing: Framing
  readonly keepAlive: boolean
  readonly isWebSocket: boolean
  readonly expectsContinue: boolean
  /** What is not as RFC 7230 wants it, though it has one meaning; nothing when absent. */
  readonly classification?: Classification
  /** Lines of the client's own that make it so, and are not among `headers`; for a reader behind us that is to judge. */
  readonly mendedLines?: string
  /** Lower-case names that another reader might take for framing; they are for no target. */
  readonly suspicious?: ReadonlySet<string>
  /** Neither its connection nor its target's serves another request. */
  readonly closesAfter?: true
  /** It came as a stream of HTTP/2; over HTTP/1 when absent. */
  readonly stream?: StreamTraits
}

export interface StreamTraits {
  /** `TE: trailers`: fields after the answer's body are understood. */
  readonly takesTrailers: boolean
  readonly isGrpc: boolean
}

export interface HeadRejection {
  readonly status: number
  readonly reason: string
}

const requestLine =
  /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}) ([\x21-\x7e\x80-\xff]+) HTTP\/1\.([01])\r\n/
const absoluteForm = /^http:\/\/([^/?#@]+)([/?].*)?$/i
const hostText = /^[A-Za-z0-9.\-_~%:[\]]*$/

/** Reads a head without its final empty line: request line and headers, each with its CR LF. */
export function parseRequestHead(text: string): RequestHead | HeadRejection {
  const line = requestLine.exec(text)
  if (line === null) return rejectedRequestLine(text)
  if (line[0].length > lineBytesMax) return reject(414, 'request line too long')
  const lines = readHeaderLines(text, line[0].length)
  if (lines === 'too-large') return reject(431, 'too many or too large headers')
  if (lines === 'malformed') return reject(400, 'malformed header')
  const gathered = gather(lines)
  if ('status' in gathered) return gathered
  const minor = line[3] === '1' ? 1 : 0
  const framing = framingOf(gathered, minor)
  if (typeof framing !== 'number') return framing
  const place = placeOf(line[1]!, line[2]!, gathered.hosts)
  if ('status' in place) return place
  if (minor === 1 && gathered.hosts.length === 0) return reject(400, 'no Host')
  const connection = gathered.connection
  const method = line[1]!
  return {
    method,
    target: place.target,
    minor,
    host: place.host,
    headers: passedOn(lines, connection),
    framing,
    keepAlive: connection.includes('close')
      ? false
      : minor === 1 || connection.includes('keep-alive'),
    isWebSocket:
      method === 'GET' &&
      minor === 1 &&
      framing === 0 &&
      connection.includes('upgrade') &&
      gathered.upgrade.toLowerCase() === 'websocket',
    expectsContinue: minor === 1 && gathered.expect.toLowerCase() === '100-continue',
    ...judged(method, gathered, hasOddText(text, line[0].length)),
  }
}

function judged(
  method: string,
  { lengths, encodings, suspicious }: Gathered,
  hasOdd: boolean,
): Pick<RequestHead, 'classification' | 'mendedLines' | 'suspicious'> | undefined {
  if (lengths.length + encodings.length === 0 && suspicious === undefined && !hasOdd) return
  const classification = classify({
    ...{ method, lengths, hasEncoding: encodings.length > 0 },
    ...{ hasSuspicious: suspicious !== undefined, hasOddText: hasOdd },
  })
  if (classification === undefined) return undefined
  const [, reason] = classification
  const isMended =
    reason === 'BothTeClPresent' ||
    reason === 'DuplicateContentLength' ||
    reason === 'GetHeadZeroContentLength'
  return {
    classification,
    ...(isMended && { mendedLines: `Content-Length: ${lengths[0] ?? ''}\r\n` }),
    ...(suspicious !== undefined && { suspicious }),
  }
}

function reject(status: number, reason: string): HeadRejection {
  return { status, reason }
}

function rejectedRequestLine(text: string): HeadRejection {
  if (
    /^[A-Z]+ [^ \r\n]+ HTTP\/[0-9]+(\.[0-9]+)?\r\n/.test(text) &&
    !/ HTTP\/1\.[01]\r\n/.test(text)
  ) {
    return reject(505, 'HTTP version not supported')
  }
  if (/^[!#$%&'*+\-.^_`|~0-9A-Za-z]*[^!#$%&'*+\-.^_`|~0-9A-Za-z \t\r\n][^ \r\n]* /.test(text)) {
    return reject(400, 'malformed method')
  }
  return reject(400, 'malformed request line')
}

interface Gathered {
  readonly lengths: string[]
  readonly encodings: string[]
  readonly hosts: string[]
  readonly connection: string[]
  upgrade: string
  expect: string
  suspicious: Set<string> | undefined
}

function gather(lines: HeaderList): Gathered | HeadRejection {
  const found: Gathered = {
    lengths: [],
    encodings: [],
    hosts: [],
    connection: [],
    upgrade: '',
    expect: '',
    suspicious: undefined,
  }
  for (const [name, value] of lines) {
    switch (name.length) {
      case 4:
        if (name.toLowerCase() === 'host') found.hosts.push(value)
        break
      case 6:
        if (name.toLowerCase() === 'expect') found.expect = value
        break
      case 7:
        if (name.toLowerCase() === 'upgrade') found.upgrade = value
        break
      case 10:
        if (name.toLowerCase() === 'connection') found.connection.push(...tokensOf(value))
        break
      case 14:
        if (name.toLowerCase() === 'content-length') found.lengths.push(value)
        break
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') found.encodings.push(value)
        break
      default:
    }
    if (isSuspicious(name)) (found.suspicious ??= new Set()).add(name.toLowerCase())
  }
  if (found.hosts.length > 1) return reject(400, 'several Host headers')
  if (found.expect !== '' && found.expect.toLowerCase() !== '100-continue') {
    return reject(417, 'unknown expectation')
  }
  return found
}

/**
 * RFC 9112 §6: the one framing that a head has. A length said twice alike is said once, and chunks overrule a length; who judges the
 * request then ends its connection. Whatever else two readers could read in two ways is refused.
 */
function framingOf(found: Gathered, minor: 0 | 1): Framing | HeadRejection {
  const { encodings, lengths } = found
  const [encoding] = encodings
  const [length] = lengths
  if (encoding !== undefined) {
    const isPlain = minor === 1 && encodings.length === 1 && encoding.toLowerCase() === 'chunked'
    if (length !== undefined) {
      const isSound = isPlain && isOne(lengths) && contentLengthOf(length) !== undefined
      return isSound ? chunked : reject(400, 'Content-Length beside Transfer-Encoding')
    }
    if (encodings.length > 1) return reject(400, 'several Transfer-Encoding headers')
    if (minor === 0) return reject(400, 'Transfer-Encoding in HTTP/1.0')
    return isPlain ? chunked : reject(501, 'unsupported Transfer-Encoding')
  }
  if (length === undefined) return 0
  if (!isOne(lengths)) return reject(400, 'several Content-Length headers')
  return contentLengthOf(length) ?? reject(400, 'malformed Content-Length')
}

function isOne(values: readonly string[]): boolean {
  return values.every((value) => value === values[0])
}

/** Where a request goes, by its own words; refused when they could mean two places. */
export function placeOf(
  method: string,
  target: string,
  hosts: readonly string[],
): { target: string; host: string } | HeadRejection {
  const host = hosts[0] ?? ''
  if (!hostText.test(host)) return reject(400, 'malformed Host')
  if (method === 'TRACE') return reject(405, 'TRACE is not allowed')
  if (target.startsWith('/')) return { target, host }
  if (target === '*' && method === 'OPTIONS') return { target, host }
  const absolute = absoluteForm.exec(target)
  if (absolute === null || !hostText.test(absolute[1]!)) return reject(400, 'malformed target')
  const rest = absolute[2] ?? '/'
  return { target: rest.startsWith('/') ? rest : `/${rest}`, host: absolute[1]! }
}

function passedOn(lines: HeaderList, connection: readonly string[]): HeaderList {
  return lines.filter(([name]) => {
    if (isConnectionBound(name)) return false
    if (name.length === 4 && name.toLowerCase() === 'host') return false
    if (name.length === 6 && name.toLowerCase() === 'expect') return false
    return connection.length === 0 || !connection.includes(name.toLowerCase())
  })
}

const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** Whether sending the request a second time means the same as once (RFC 9110 §9.2.2). */
export function isIdempotent(method: string): boolean {
  return idempotentMethods.has(method)
}

import type { OutgoingHttpHeaders } from 'node:http2'
import { isSuspicious } from './desync.ts'
import { untilClose, type Framing } from './framing.ts'
import {
  contentLengthOf,
  headBytesMax,
  headerCountMax,
  isConnectionBound,
  isValueText,
  lineBytesMax,
  type HeaderLine,
} from './header-lines.ts'
import { placeOf, type HeadRejection, type RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'

const methodText = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}$/
const targetText = /^[\x21-\x7e\x80-\xff]+$/
/** HTTP/2 knows no upper case in names (RFC 9113 §8.2.1). */
const nameText = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
/** What may not be in HTTP/2 at all: whoever sends it means another reader than us. */
const forbidden = new Set([
  ...['connection', 'keep-alive', 'proxy-connection'],
  ...['transfer-encoding', 'upgrade', 'http2-settings'],
])

function reject(status: number, reason: string): HeadRejection {
  return { status, reason }
}

/**
 * Reads the head of an HTTP/2 request, names and values in turn as they came, into the one form that rules and targets know. The
 * library below has its own checks; these hold by themselves, for what goes on to a target may be HTTP/1.1, where one line feed in a value is a
 * second header. `isWhole`: no body follows.
 */
export function readStreamHead(
  raw: readonly string[],
  isWhole: boolean,
): RequestHead | HeadRejection {
  const pseudo = new Map<string, string>()
  const fields: HeaderLine[] = []
  let bytes = 0
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]!
    const value = raw[at + 1]!
    bytes += name.length + value.length + 4
    if (name.length + value.length + 4 > lineBytesMax) {
      return reject(name === ':path' ? 414 : 431, 'too large a header')
    }
    if (!isValueText(value)) return reject(400, 'malformed header')
    if (name.startsWith(':')) {
      if (fields.length > 0 || pseudo.has(name)) return reject(400, 'malformed pseudo-header')
      pseudo.set(name, value)
      continue
    }
    if (!nameText.test(name) || forbidden.has(name)) return reject(400, 'malformed header')
    fields.push([name, value.trim(), ''])
  }
  if (bytes > headBytesMax || fields.length > headerCountMax) return reject(431, 'too many headers')
  return headOf(pseudo, fields, isWhole)
}

function headOf(
  pseudo: ReadonlyMap<string, string>,
  fields: readonly HeaderLine[],
  isWhole: boolean,
): RequestHead | HeadRejection {
  const valuesOf = (name: string): readonly string[] =>
    fields.flatMap(([known, value]) => (known === name ? [value] : []))
  const method = pseudo.get(':method') ?? ''
  const path = pseudo.get(':path') ?? ''
  const known = [':method', ':scheme', ':authority', ':path']
  if ([...pseudo.keys()].some((name) => !known.includes(name))) {
    return reject(400, 'unknown pseudo-header')
  }
  if (!methodText.test(method) || method === 'CONNECT') return reject(400, 'malformed method')
  if (!targetText.test(path) || !/^[/*]/.test(path)) return reject(400, 'malformed path')
  if (!/^https?$/.test(pseudo.get(':scheme') ?? '')) return reject(400, 'malformed scheme')
  const authority = pseudo.get(':authority')
  const hosts = new Set([...(authority === undefined ? [] : [authority]), ...valuesOf('host')])
  if (hosts.size !== 1 || hosts.has('')) return reject(400, 'no host, or several')
  const place = placeOf(method, path, [...hosts])
  if ('status' in place) return place
  const framing = framingOf(valuesOf('content-length'), isWhole)
  if (typeof framing !== 'number') return framing
  const te = valuesOf('te')
  if (te.some((value) => value !== 'trailers')) return reject(400, 'malformed TE')
  const [expect, ...moreExpects] = valuesOf('expect').map((value) => value.toLowerCase())
  if (moreExpects.length > 0 || (expect !== undefined && expect !== '100-continue')) {
    return reject(417, 'unknown expectation')
  }
  return {
    method,
    target: place.target,
    minor: 1,
    host: place.host,
    headers: passedOn(fields),
    framing,
    keepAlive: true,
    isWebSocket: false,
    expectsContinue: expect !== undefined && framing !== 0,
    stream: { takesTrailers: te.length > 0, isGrpc: isGrpc(valuesOf('content-type')[0] ?? '') },
  }
}

/** HTTP/2 has an end of its own; a length that is said beside it must be true, which is counted as the body comes. */
function framingOf(lengths: readonly string[], isWhole: boolean): Framing | HeadRejection {
  const [length] = lengths
  if (length === undefined) return isWhole ? 0 : untilClose
  const value = lengths.length > 1 ? undefined : contentLengthOf(length)
  if (value === undefined) return reject(400, 'malformed Content-Length')
  if (isWhole !== (value === 0)) {
    // No body though one is announced; a body of nothing whose end is still to come is one all the same.
    return isWhole ? reject(400, 'a Content-Length without a body') : untilClose
  }
  return value
}

/** `application/grpc`, also with `+proto` and the like; gRPC-Web is no gRPC. */
function isGrpc(contentType: string): boolean {
  return /^application\/grpc([+;]|$)/i.test(contentType)
}

/** Cookies that came in crumbs are one field again (RFC 9113 §8.2.3). */
function passedOn(fields: readonly HeaderLine[]): readonly HeaderLine[] {
  const crumbs: string[] = []
  const lines: HeaderLine[] = []
  for (const [name, value] of fields) {
    if (name === 'cookie') crumbs.push(value)
    else if (isPassedOn(name)) {
      lines.push(lineOf(name, value))
    }
  }
  if (crumbs.length > 0) lines.push(lineOf('cookie', crumbs.join('; ')))
  return lines
}

function isPassedOn(name: string): boolean {
  return name !== 'host' && name !== 'expect' && !isConnectionBound(name) && !isSuspicious(name)
}

function lineOf(name: string, value: string): HeaderLine {
  return [name, value, `${name}: ${value}\r\n`]
}

/** The head of a request as an HTTP/2 target gets it; `text` is the route's, in the form of HTTP/1.1. */
export function requestHeaders(text: string, head: RequestHead): OutgoingHttpHeaders {
  const [, host = '', ...lines] = text.split('\r\n')
  const headers: OutgoingHttpHeaders = {
    ':method': head.method,
    ':path': head.target,
    ':scheme': 'http',
    ':authority': host.slice('Host: '.length),
  }
  for (const line of lines) addLine(headers, line)
  if (head.framing > 0) headers['content-length'] = String(head.framing)
  if (head.stream?.takesTrailers === true) headers['te'] = 'trailers'
  if (head.expectsContinue) headers['expect'] = '100-continue'
  return headers
}

/** The head of an answer as an HTTP/2 client gets it; `added` are lines with their CR LF. */
export function answerHeaders(head: ResponseHead, added: string): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ':status': head.status }
  for (const [name, value] of head.headers) addField(headers, name.toLowerCase(), value)
  for (const line of added.split('\r\n')) addLine(headers, line)
  if (head.declaredLength !== undefined && head.status >= 200 && head.status !== 204) {
    headers['content-length'] = String(head.declaredLength)
  }
  return headers
}

function addLine(headers: OutgoingHttpHeaders, line: string): void {
  const colon = line.indexOf(': ')
  if (colon > 0) addField(headers, line.slice(0, colon).toLowerCase(), line.slice(colon + 2))
}

function addField(headers: OutgoingHttpHeaders, name: string, value: string): void {
  const before = headers[name]
  headers[name] = before === undefined ? value : [before].flat().map(String).concat(value)
}

/** What an HTTP/2 target's answer says of itself, in the form that stickiness reads. */
export function readStreamAnswer(raw: readonly string[], status: number): ResponseHead {
  const headers: HeaderLine[] = []
  let declaredLength: number | undefined
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]!
    const value = raw[at + 1]!
    if (name === 'content-length') declaredLength = contentLengthOf(value)
    else if (!name.startsWith(':') && !isConnectionBound(name)) headers.push(lineOf(name, value))
  }
  return {
    status,
    reason: '',
    headers,
    framing: untilClose,
    declaredLength,
    keepAlive: true,
    keepAliveSeconds: undefined,
    isWebSocket: false,
  }
}

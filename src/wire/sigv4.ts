import { hash, timingSafeEqual } from 'node:crypto'
import type { Authorization } from './authorization.ts'
import type { Pair } from './form.ts'
import { hmacSha256 } from './hmac.ts'
import { Malformed } from './malformed.ts'

/** What a signature covers. */
export interface SignedRequest {
  readonly method: string
  /** As the client sent it, still percent-encoded. */
  readonly rawPath: string
  readonly query: readonly Pair[]
  readonly headers: Readonly<Record<string, string>>
  /** Of the body: hexadecimal SHA-256, or S3's word for a body that is not hashed beforehand. */
  readonly payloadHash: string
}

export const unsignedPayload = 'UNSIGNED-PAYLOAD'

export function sha256Hex(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex')
}

/** Keys are good for a day, a region and a service: most requests find theirs here. */
const signingKeys = new Map<string, Buffer>()
const signingKeysMax = 1000

export function signingKey(secret: string, authorization: Authorization): Buffer {
  const { date, region, service } = authorization
  const name = `${date}/${region}/${service}/${secret}`
  const known = signingKeys.get(name)
  if (known) return known
  if (signingKeys.size >= signingKeysMax) signingKeys.clear()
  const key = hmacSha256(
    hmacSha256(hmacSha256(hmacSha256(`AWS4${secret}`, date), region), service),
    'aws4_request',
  )
  signingKeys.set(name, key)
  return key
}

/** Whether the signature is that of the request and the secret. The comparison takes the same time wherever they differ. */
export function isSignedBy(
  secret: string,
  authorization: Authorization,
  request: SignedRequest,
): boolean {
  const key = signingKey(secret, authorization)
  for (const path of canonicalPaths(authorization.service, request.rawPath)) {
    const expected = hmacSha256(key, stringToSign(authorization, request, path))
    if (equals(authorization.signature, expected)) return true
  }
  return false
}

/** Whether the signature is that of a form's policy, as it stands in the form. */
export function isPolicySignedBy(
  secret: string,
  authorization: Authorization,
  policy: string,
): boolean {
  return equals(authorization.signature, hmacSha256(signingKey(secret, authorization), policy))
}

/** Compares a hexadecimal signature with the bytes that it should be. */
export function equals(hexSignature: string, expected: Buffer): boolean {
  const given = Buffer.from(hexSignature, 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

export function scopeOf({ date, region, service }: Authorization): string {
  return `${date}/${region}/${service}/aws4_request`
}

function stringToSign(authorization: Authorization, request: SignedRequest, path: string): string {
  const { signedHeaders, time } = authorization
  let headers = ''
  for (const name of signedHeaders) headers += `${name}:${trimmed(request.headers[name] ?? '')}\n`
  const canonical = `${request.method}\n${path}\n${canonicalQuery(request.query)}\n${headers}\n${signedHeaders.join(';')}\n${request.payloadHash}`
  return `AWS4-HMAC-SHA256\n${time}\n${scopeOf(authorization)}\n${sha256Hex(canonical)}`
}

const plainPath = /^[A-Za-z0-9\-._~/]*$/
const dottedPath = /\/\.{0,2}\/|\/\.{1,2}$/

/**
 * The path as it was signed: S3 takes it as it is, all others encode it once more, most of them without its dots. Clients that send other
 * characters than they sign are met with a second way: decoded and encoded anew.
 */
function canonicalPaths(service: string, rawPath: string): readonly string[] {
  const path = rawPath === '' ? '/' : rawPath
  const isS3 = service === 's3' || service === 's3express'
  const isDotted = !isS3 && dottedPath.test(path)
  if (plainPath.test(path) && !isDotted) return [path]
  const ways = new Set([path, reencoded(path) ?? path])
  if (isDotted) for (const way of [...ways]) ways.add(withoutDots(way))
  return isS3 ? [...ways] : [...ways].map(encodePath)
}

/** `/a/./b/../c//` → `/a/c/`, as RFC 3986 has it, and without empty segments. */
function withoutDots(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : ''
  return `/${segments.join('/')}${end}`
}

function encodePath(path: string): string {
  return path.split('/').map(encodeStrictly).join('/')
}

function reencoded(path: string): string | undefined {
  try {
    return path
      .split('/')
      .map((segment) => encodeStrictly(decodeURIComponent(segment)))
      .join('/')
  } catch {
    return undefined
  }
}

function canonicalQuery(query: readonly Pair[]): string {
  if (query.length === 0) return ''
  return query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): Pair => [encodeStrictly(name), encodeStrictly(value)])
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** RFC 3986: everything but unreserved characters. */
function encodeStrictly(text: string): string {
  try {
    return encodeURIComponent(text).replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  } catch {
    throw new Malformed('text is not valid Unicode', 'parameter')
  }
}

function trimmed(value: string): string {
  const text = value.trim()
  return text.includes('  ') ? text.replace(/ +/g, ' ') : text
}

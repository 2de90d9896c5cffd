import type { Pair } from './form.ts'

/** A request's claim of who signed it, in the Authorization header or in the query of a presigned URL. */
export interface Authorization {
  readonly accessKeyId: string
  /** `20261122`. */
  readonly date: string
  readonly region: string
  /** The signing name, `elasticloadbalancing`. */
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** `20261122T100000Z`. */
  readonly time: string
  readonly isPresigned: boolean
  readonly sessionToken: string | undefined
  /** Of a presigned URL. */
  readonly expiresSeconds: number | undefined
}

/** What stands there cannot be read as a signature; the message says why. */
export interface UnreadableAuthorization {
  readonly unreadable: string
  readonly isPresigned: boolean
  /** The scope's service where it could be read, which helps to route the answer. */
  readonly service: string | undefined
}

type Headers = Readonly<Record<string, string>>

const algorithm = 'AWS4-HMAC-SHA256'

/** Undefined: the request is not signed. */
export function readAuthorization(
  headers: Headers,
  query: readonly Pair[],
): Authorization | UnreadableAuthorization | undefined {
  const header = headers['authorization']
  if (header !== undefined) return readHeader(header, headers)
  if (!query.some(([name]) => name === 'X-Amz-Signature' || name === 'X-Amz-Credential')) {
    return undefined
  }
  return readQuery(new Map(query))
}

function readHeader(header: string, headers: Headers): Authorization | UnreadableAuthorization {
  if (!header.startsWith(`${algorithm} `)) {
    return unreadable(`The authorization mechanism must be ${algorithm}.`, false)
  }
  const fields = new Map<string, string>()
  for (const part of header.slice(algorithm.length + 1).split(',')) {
    const equals = part.indexOf('=')
    if (equals > 0) fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  for (const name of ['Credential', 'SignedHeaders', 'Signature']) {
    if (fields.get(name)) continue
    return unreadable(`Authorization header requires '${name}' parameter.`, false)
  }
  return assemble({
    credential: fields.get('Credential') ?? '',
    signedHeaders: fields.get('SignedHeaders') ?? '',
    signature: fields.get('Signature') ?? '',
    time: headers['x-amz-date'] ?? basicTime(headers['date']),
    sessionToken: headers['x-amz-security-token'],
    expires: undefined,
  })
}

function readQuery(query: ReadonlyMap<string, string>): Authorization | UnreadableAuthorization {
  const names = ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature']
  for (const name of names) {
    if (query.get(`X-Amz-${name}`)) continue
    return unreadable(`Query-string authentication requires the X-Amz-${name} parameter.`, true)
  }
  if (query.get('X-Amz-Algorithm') !== algorithm) {
    return unreadable(`X-Amz-Algorithm only supports "${algorithm}".`, true)
  }
  return assemble({
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
    time: query.get('X-Amz-Date') ?? '',
    sessionToken: query.get('X-Amz-Security-Token'),
    expires: query.get('X-Amz-Expires') ?? '',
  })
}

/** Of a form that uploads an object: its policy alone is signed, in the field beside it. */
export function readFormAuthorization(
  fields: ReadonlyMap<string, string>,
): Authorization | UnreadableAuthorization {
  return assemble({
    credential: fields.get('x-amz-credential') ?? '',
    signedHeaders: 'host',
    signature: fields.get('x-amz-signature') ?? '',
    time: fields.get('x-amz-date') ?? '',
    sessionToken: fields.get('x-amz-security-token'),
    expires: undefined,
  })
}

function assemble(parts: {
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  readonly time: string
  readonly sessionToken: string | undefined
  readonly expires: string | undefined
}): Authorization | UnreadableAuthorization {
  const isPresigned = parts.expires !== undefined
  const scope = parts.credential.split('/')
  const [date, region, service, terminator] = scope.slice(-4)
  if (scope.length < 5 || !date || !region || !service || terminator !== 'aws4_request') {
    return unreadable(
      "Credential must have the form 'key/date/region/service/aws4_request'.",
      isPresigned,
    )
  }
  const problem = problemOf(parts, date)
  if (problem) return { unreadable: problem, isPresigned, service }
  return {
    accessKeyId: scope.slice(0, -4).join('/'),
    date,
    region,
    service,
    signedHeaders: parts.signedHeaders.toLowerCase().split(';'),
    signature: parts.signature,
    time: parts.time,
    isPresigned,
    sessionToken: parts.sessionToken,
    expiresSeconds: isPresigned ? Number(parts.expires) : undefined,
  }
}

function problemOf(
  parts: {
    readonly time: string
    readonly signedHeaders: string
    readonly expires?: string | undefined
  },
  date: string,
): string | undefined {
  if (!/^\d{8}T\d{6}Z$/.test(parts.time)) {
    return "The date must be in the form of 'YYYYMMDD'T'HHMMSS'Z', in X-Amz-Date."
  }
  if (!parts.time.startsWith(date))
    return 'The date in the Credential scope is not that of X-Amz-Date.'
  if (!parts.signedHeaders.toLowerCase().split(';').includes('host')) {
    return "'Host' must be a 'SignedHeader' in the AWS Authorization."
  }
  if (parts.expires !== undefined && !/^\d{1,9}$/.test(parts.expires)) {
    return 'X-Amz-Expires should be a number.'
  }
  return undefined
}

function unreadable(message: string, isPresigned: boolean): UnreadableAuthorization {
  return { unreadable: message, isPresigned, service: undefined }
}

/** `Sun, 22 Nov 2026 10:00:00 GMT` as `20261122T100000Z`; older clients send Date alone. */
function basicTime(date: string | undefined): string {
  if (date === undefined) return ''
  if (/^\d{8}T\d{6}Z$/.test(date)) return date
  const time = new Date(date)
  if (Number.isNaN(time.getTime())) return ''
  return time.toISOString().replace(/[-:]|\.\d{3}/g, '')
}

/** Milliseconds since the epoch of `20261122T100000Z`. */
export function timeOf(authorization: Authorization): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(authorization.time)?.map(Number) ?? []
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second)
}

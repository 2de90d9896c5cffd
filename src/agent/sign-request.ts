import { createHash, createHmac } from 'node:crypto'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface UnsignedRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface SigningPlace {
  readonly region: string
  readonly service: string
  readonly credentials: Credentials
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** The request's headers with a SigV4 signature. The URL's path must be encoded already. */
export function signRequest(
  request: UnsignedRequest,
  place: SigningPlace,
): Readonly<Record<string, string>> {
  const time = new Date(place.now).toISOString().replace(/\.\d+|[-:]/g, '')
  const day = time.slice(0, 8)
  const bodyHash = sha256(request.body)
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.url.host,
    'x-amz-content-sha256': bodyHash,
    'x-amz-date': time,
    ...(place.credentials.sessionToken !== undefined && {
      'x-amz-security-token': place.credentials.sessionToken,
    }),
  }
  const names = Object.keys(headers).toSorted()
  const query = [...request.url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&')
  const canonical = [
    request.method,
    request.url.pathname,
    query,
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    names.join(';'),
    bodyHash,
  ].join('\n')
  const scope = `${day}/${place.region}/${place.service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const { accessKeyId, secretAccessKey } = place.credentials
  let key = hmac(`AWS4${secretAccessKey}`, day)
  for (const part of [place.region, place.service, 'aws4_request']) key = hmac(key, part)
  const signature = createHmac('sha256', key).update(text).digest('hex')
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, ` +
    `SignedHeaders=${names.join(';')}, Signature=${signature}`
  return headers
}

/** AWS's percent-encoding: everything but letters, digits and `-_.~`. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

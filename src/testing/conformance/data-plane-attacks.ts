/** Requests that two readers could read in two ways, or that break the grammar, with the statuses that refuse them. */
export interface Attack {
  readonly name: string
  readonly bytes: string
  /** Any of these; the connection must then close and no target may see a byte of it. */
  readonly statuses: readonly number[]
  /** The rules make one meaning of it, which may go on if nothing else of its connection does (RFC 9112 §6). */
  readonly isMended?: true
  /** About where a message ends: nothing behind it may become a request of its own. */
  readonly isFraming?: true
}

const host = 'Host: a\r\n'

function attack(name: string, bytes: string, ...statuses: readonly number[]): Attack {
  return { name, bytes, statuses: statuses.length === 0 ? [400] : statuses }
}

function withHeaders(name: string, headers: string, ...statuses: readonly number[]): Attack {
  return attack(name, `POST / HTTP/1.1\r\n${host}${headers}\r\n0\r\n\r\n`, ...statuses)
}

const lengthAndEncoding: readonly Attack[] = [
  withHeaders('CL.TE', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'),
  withHeaders('TE.CL', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n'),
  withHeaders('two different lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n'),
  withHeaders('the same length twice', 'Content-Length: 5\r\nContent-Length: 5\r\n'),
  withHeaders('a list of lengths', 'Content-Length: 5, 5\r\n'),
  withHeaders('a signed length', 'Content-Length: +5\r\n'),
  withHeaders('a negative length', 'Content-Length: -5\r\n'),
  withHeaders('a hexadecimal length', 'Content-Length: 0x5\r\n'),
  withHeaders('an empty length', 'Content-Length:\r\n'),
  withHeaders('a length beyond counting', 'Content-Length: 99999999999999999999\r\n'),
  withHeaders('two encodings', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n'),
  withHeaders('a hidden encoding', 'Transfer-Encoding: xchunked\r\n', 501),
  withHeaders('a coded encoding', 'Transfer-Encoding: gzip, chunked\r\n', 501),
  withHeaders('identity', 'Transfer-Encoding: identity\r\nContent-Length: 5\r\n'),
  withHeaders('vertical tab in the encoding', 'Transfer-Encoding: \x0bchunked\r\n'),
  withHeaders('a quoted encoding', 'Transfer-Encoding: "chunked"\r\n', 501),
  attack(
    'encoding in HTTP/1.0',
    `POST / HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ),
]

const headers: readonly Attack[] = [
  withHeaders('a space before the colon', 'Content-Length : 5\r\n'),
  withHeaders('a tab before the colon', 'Transfer-Encoding\t: chunked\r\n'),
  withHeaders('a folded header', 'X-A: b\r\n Transfer-Encoding: chunked\r\n'),
  withHeaders('a header without a colon', 'X-A\r\n'),
  withHeaders('a header without a name', ': b\r\n'),
  withHeaders('NUL in a value', 'X-A: b\x00c\r\n'),
  withHeaders('a bare CR in a value', 'X-A: b\rTransfer-Encoding: chunked\r\n'),
  withHeaders('a bare LF after a value', 'X-A: b\nTransfer-Encoding: chunked\r\n'),
  withHeaders('a bare LF in a name', 'X-A\nB: c\r\n'),
  withHeaders('a control character in a name', 'X-\x01A: c\r\n'),
  withHeaders('a space before the first name', ' X-A: b\r\n'),
  attack('a head of bare LFs', 'GET / HTTP/1.1\nHost: a\n\n'),
  attack('two hosts', `GET / HTTP/1.1\r\n${host}Host: b\r\n\r\n`),
  attack('no host', 'GET / HTTP/1.1\r\n\r\n'),
  attack('a host with a path', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'),
  attack('a host with a space', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'),
  attack('too many headers', `GET / HTTP/1.1\r\n${host}${'X: y\r\n'.repeat(5000)}\r\n`, 400, 431),
  attack(
    'too large a header',
    `GET / HTTP/1.1\r\n${host}X: ${'y'.repeat(40_000)}\r\n\r\n`,
    400,
    431,
  ),
  attack('an endless head', `GET / HTTP/1.1\r\n${host}X: ${'y'.repeat(200_000)}`, 400, 431),
  attack('an unknown expectation', `GET / HTTP/1.1\r\n${host}Expect: 200-maybe\r\n\r\n`, 417),
]

const requestLines: readonly Attack[] = [
  attack('two spaces in the request line', `GET  / HTTP/1.1\r\n${host}\r\n`),
  attack('a tab in the request line', `GET\t/ HTTP/1.1\r\n${host}\r\n`),
  attack('a space in the target', `GET /a b HTTP/1.1\r\n${host}\r\n`, 400),
  attack('a relative target', `GET a HTTP/1.1\r\n${host}\r\n`),
  attack('an authority with user information', `GET http://u@a/ HTTP/1.1\r\n${host}\r\n`),
  attack('CONNECT', `CONNECT a:80 HTTP/1.1\r\n${host}\r\n`),
  attack('TRACE', `TRACE / HTTP/1.1\r\n${host}\r\n`, 405),
  attack('HTTP/0.9', 'GET /\r\n\r\n'),
  attack('HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505, 400),
  attack('HTTP/1.2', `GET / HTTP/1.2\r\n${host}\r\n`, 505),
  attack('a lower-case version', `GET / http/1.1\r\n${host}\r\n`),
  attack('a method with a control character', `GE\x01T / HTTP/1.1\r\n${host}\r\n`),
  attack('too long a target', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 414, 400),
  attack('TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'),
]

/** A length that is said twice alike may be read as one (RFC 9110 §8.6). */
const saidTwice = ['the same length twice', 'a list of lengths']

const mended = ['CL.TE', 'TE.CL', 'the same length twice']

export const headAttacks: readonly Attack[] = [
  ...lengthAndEncoding.map((one) => ({
    ...one,
    ...(saidTwice.includes(one.name) ? {} : { isFraming: true as const }),
    ...(mended.includes(one.name) ? { isMended: true as const } : {}),
  })),
  ...headers,
  ...requestLines,
]

/** Bodies that break the chunk grammar. The head is sound, so a target may see it, but never a complete request. */
export const chunkAttacks: readonly { readonly name: string; readonly body: string }[] = [
  { name: 'a size that is no number', body: 'x\r\nabc\r\n0\r\n\r\n' },
  { name: 'a negative size', body: '-3\r\nabc\r\n0\r\n\r\n' },
  { name: 'a size with 0x', body: '0x3\r\nabc\r\n0\r\n\r\n' },
  { name: 'an empty size', body: '\r\nabc\r\n0\r\n\r\n' },
  { name: 'a size beyond counting', body: 'fffffffffffffffff\r\nabc\r\n0\r\n\r\n' },
  { name: 'a size with a space before it', body: ' 3\r\nabc\r\n0\r\n\r\n' },
  { name: 'a size line that ends with LF', body: '3\nabc\r\n0\r\n\r\n' },
  { name: 'a chunk longer than its size', body: '3\r\nabcd\r\n0\r\n\r\n' },
  { name: 'a chunk that ends with LF', body: '3\r\nabc\n0\r\n\r\n' },
  { name: 'a bare CR in an extension', body: '3;a\rb\r\nabc\r\n0\r\n\r\n' },
  { name: 'a bare LF in an extension', body: '3;a\n0\r\n\r\nabc\r\n0\r\n\r\n' },
  { name: 'an endless extension', body: `3;${'a'.repeat(5000)}\r\nabc\r\n0\r\n\r\n` },
  { name: 'a malformed trailer', body: '3\r\nabc\r\n0\r\nX : y\r\n\r\n' },
  { name: 'endless trailers', body: `3\r\nabc\r\n0\r\n${'X: y\r\n'.repeat(5000)}\r\n` },
]

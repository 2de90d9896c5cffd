import assert from 'node:assert/strict'
import { once } from 'node:events'
import {
  connect as openSession,
  type ClientHttp2Session,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { describe, test } from 'node:test'
import { connect } from 'node:tls'
import { answering, until, type BackendScript, type PlaneOptions } from './data-plane-fixture.ts'
import { openKeyring } from './data-plane-keyring.ts'
import { onStage, type Create, type Stage } from './data-plane-stage.ts'
import { sendRaw, type RawFields, type RawRequest } from './raw-http2.ts'

/** What every data plane must do for clients of HTTP/2. */
export function dataPlaneHttp2Suite(name: string, create: Create): void {
  describe(`${name} before HTTP/2`, () => {
    conversations(create)
    choices(create)
    smuggling(create)
  })
}

/** Answers in chunks once the whole of a request with chunks is there. */
const echoing: BackendScript = (socket, text) => {
  if (!text.endsWith('0\r\n\r\n')) return
  const body = text.slice(text.indexOf('\r\n\r\n') + 4)
  const bare = body.replaceAll(/[0-9a-f]+\r\n([^\r]*)\r\n/gi, '$1').replace(/\r\n$/, '')
  socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Two: a\r\nX-Two: b\r\n\r\n')
  socket.write(`${bare.length.toString(16)}\r\n${bare}\r\n0\r\n\r\n`)
}

/** `/204` is answered with 204, anything else with a length of 5 and no body; a body is waited for where it is announced. */
const bare: BackendScript = (socket, text) => {
  const last = [...text.matchAll(/^([A-Z]+) \/(\d*) HTTP/gm)].at(-1)
  if (last?.[1] === 'POST') {
    if (text.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    if (text.endsWith('body')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  } else if (text.endsWith('\r\n\r\n')) {
    const isNumbered = last?.[2] !== ''
    socket.write(`HTTP/1.1 ${isNumbered ? last?.[2] : 200} OK\r\n`)
    socket.write(`${isNumbered ? '' : 'Content-Length: 5\r\n'}\r\n`)
  }
}

/** A plane with one target behind an HTTPS listener that speaks HTTP/2. */
export async function onSecureStage(
  create: Create,
  scripts: readonly BackendScript[],
  body: (stage: Stage, ca: string) => Promise<void>,
  options: Partial<PlaneOptions> = {},
): Promise<void> {
  const keyring = await openKeyring()
  const certificates = [await keyring.of('a')]
  const tls = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', certificates } as const
  const ca = keyring.authority.pem
  await onStage(create, scripts, (stage) => body(stage, ca), { tls, speaksHttp2: true, ...options })
}

export interface Heard {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
  readonly trailers: Readonly<Record<string, unknown>>
}

export function session(port: number, ca: string): ClientHttp2Session {
  const opened = openSession(`https://a:${port}`, {
    createConnection: () =>
      connect({ port, host: '127.0.0.1', ca, servername: 'a', ALPNProtocols: ['h2'] }),
  })
  opened.on('error', () => undefined)
  return opened
}

/** One request and its whole answer; rejects when the stream is reset. */
export async function hear(
  opened: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  parts: readonly string[] = [],
): Promise<Heard> {
  const stream = opened.request(headers, { endStream: parts.length === 0 })
  for (const part of parts) stream.write(part)
  if (parts.length > 0) stream.end()
  let status = 0
  let answer: Record<string, unknown> = {}
  let trailers: Record<string, unknown> = {}
  let body = ''
  stream.on('response', (received) => {
    status = Number(received[':status'])
    answer = received
  })
  stream.on('trailers', (received) => (trailers = received))
  stream.setEncoding('latin1').on('data', (text: string) => (body += text))
  await once(stream, 'close')
  assert.equal(stream.rstCode, 0, `the stream was reset with ${stream.rstCode}`)
  return { status, headers: answer, body, trailers }
}

function conversations(create: Create): void {
  test('many requests of one connection reach targets of HTTP/1.1, each with its answer', () =>
    onSecureStage(create, [answering('ok'), answering('ok')], async ({ port, backends }, ca) => {
      const opened = session(port, ca)
      const all = await Promise.all(
        Array.from({ length: 40 }, (_, at) => hear(opened, { ':path': `/${at}`, 'x-at': at })),
      )
      for (const { status, body } of all) assert.deepEqual([status, body], [200, 'ok'])
      for (const { received } of backends) assert.match(received, /X-Forwarded-Proto: https\r\n/i)
      const seen = backends.flatMap(({ received }) => received.match(/^GET \/[0-9]+ HTTP\/1\.1/gm))
      assert.equal(seen.length, 40)
      assert.match(backends[0]?.received ?? '', /\r\nHost: a(:[0-9]+)?\r\n/i)
      opened.destroy()
    }))

  test('bodies of no announced length go both ways, and cookies in crumbs are one field', () =>
    onSecureStage(create, [echoing], async ({ port, backends }, ca) => {
      const opened = session(port, ca)
      const cookie = ['a=1', 'b=2']
      const answer = await hear(opened, { ':method': 'POST', cookie }, ['one', 'two', 'three'])
      assert.deepEqual([answer.status, answer.body], [200, 'onetwothree'])
      assert.equal(answer.headers['x-two'], 'a, b')
      assert.equal(answer.headers['transfer-encoding'], undefined)
      assert.match(backends[0]?.received ?? '', /\r\ncookie: a=1; b=2\r\n/i)
      opened.destroy()
    }))

  test('a body whose client goes away in the middle has no end for its target', () =>
    onSecureStage(create, [echoing], async ({ port, backends }, ca) => {
      const opened = session(port, ca)
      const stream = opened.request({ ':method': 'POST' }, { endStream: false })
      stream.on('error', () => undefined).write('half')
      await until('the target has it', () => backends[0]?.received.includes('half') === true)
      opened.destroy()
      await until('the target knows', () => backends[0]?.sockets.size === 0)
      assert.doesNotMatch(backends[0]?.received ?? '', /\r\n0\r\n/)
    }))
}

function choices(create: Create): void {
  test('answers without a body, heads before the answer and expectations come through', () =>
    onSecureStage(create, [bare], async ({ port }, ca) => {
      const opened = session(port, ca)
      const head = await hear(opened, { ':method': 'HEAD', ':path': '/' })
      assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '5', ''])
      for (const status of [204, 304]) {
        assert.equal((await hear(opened, { ':path': `/${status}` })).status, status)
      }
      const expecting = { ':method': 'POST', ':path': '/', expect: '100-continue' }
      const stream = opened.request({ ...expecting, 'content-length': 4 }, { endStream: false })
      stream.once('continue', () => stream.end('body'))
      const [answer] = (await once(stream, 'response')) as [{ ':status': number }]
      assert.equal(answer[':status'], 200)
      await once(stream.resume(), 'close')
      opened.destroy()
    }))

  test('who asks for HTTP/1.1, or for nothing, gets that', () =>
    onSecureStage(create, [answering('ok')], async ({ port }, ca) => {
      for (const more of [{ ALPNProtocols: ['http/1.1'] }, {}]) {
        const socket = connect({ port, host: '127.0.0.1', ca, servername: 'a', ...more })
        await once(socket, 'secureConnect')
        assert.notEqual(socket.alpnProtocol, 'h2')
        socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
        let text = ''
        for await (const chunk of socket) text += String(chunk)
        assert.match(text, /^HTTP\/1\.1 200[^]*ok$/)
      }
    }))

  test('a listener that is not to speak HTTP/2 does not', () =>
    onSecureStage(
      create,
      [answering('ok')],
      async ({ port }, ca) => {
        const to = { port, host: '127.0.0.1', ca, servername: 'a' }
        const socket = connect({ ...to, ALPNProtocols: ['h2', 'http/1.1'] })
        await once(socket, 'secureConnect')
        assert.notEqual(socket.alpnProtocol, 'h2')
        socket.destroy()
      },
      { speaksHttp2: false },
    ))

  test('a call of gRPC does not go to a target of HTTP/1.1', () =>
    onSecureStage(create, [answering('ok')], async ({ port, backends }, ca) => {
      const opened = session(port, ca)
      const call = { ':method': 'POST', ':path': '/a.B/C', 'content-type': 'application/grpc' }
      const { status, body } = await hear(opened, call, ['\0\0\0\0\0'])
      assert.deepEqual([status, body], [464, ''])
      assert.doesNotMatch(backends[0]?.received ?? '', /a\.B/)
      opened.destroy()
    }))
}

const base: RawFields = [
  [':method', 'POST'],
  [':scheme', 'https'],
  [':path', '/first'],
  [':authority', 'a'],
]

function withField(name: string, value: string, body?: readonly string[]): RawRequest {
  return { fields: [...base, [name, value]], ...(body && { body }) }
}

function instead(name: string, value: string, body?: readonly string[]): RawRequest {
  const fields = base.map(([known, before]) => [known, known === name ? value : before] as const)
  return { fields, ...(body && { body }) }
}

const hidden = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'

/** Each would be two requests for somebody who copies it into HTTP/1.1 as it is. */
const attacks: Readonly<Record<string, RawRequest>> = {
  'a length that is too short': withField('content-length', '3', [`abc${hidden}`]),
  'a length of nothing before a body': withField('content-length', '0', [hidden]),
  'a length that is too long': withField('content-length', '99', ['abc']),
  'two lengths': {
    fields: [...base, ['content-length', '3'], ['content-length', '0']],
    body: [`abc`],
  },
  'a length that is no number': withField('content-length', '+3', ['abc']),
  chunks: withField('transfer-encoding', 'chunked', [`0\r\n\r\n${hidden}`]),
  'chunks in capitals': withField('Transfer-Encoding', 'chunked', [`0\r\n\r\n${hidden}`]),
  'line ends in a value': withField('x-a', `b\r\nTransfer-Encoding: chunked\r\n\r\n${hidden}`),
  'a line feed in a value': withField('x-a', `b\nContent-Length: 0\n\n${hidden}`),
  'NUL in a value': withField('x-a', `b\0c`),
  'line ends in a name': withField(`x-a: b\r\n\r\n${hidden}`, 'c'),
  'a colon in a name': withField('transfer-encoding: chunked', 'c'),
  'line ends in the path': instead(':path', `/ HTTP/1.1\r\nHost: a\r\n\r\n${hidden}`),
  'a space in the path': instead(':path', '/ HTTP/1.1'),
  'line ends in the method': instead(':method', `${hidden}POST`),
  'a space in the method': instead(':method', 'GET /smuggled HTTP/1.1'),
  'line ends in the authority': instead(':authority', `a\r\n\r\n${hidden}`),
  'line ends in the scheme': instead(':scheme', `https\r\n\r\n${hidden}`),
  'a path that is none': instead(':path', 'smuggled'),
  'an empty path': instead(':path', ''),
  'two paths': { fields: [...base, [':path', '/smuggled']] },
  'a pseudo-header behind a field': { fields: [...base, ['x-a', 'b'], [':path', '/smuggled']] },
  'an unknown pseudo-header': { fields: [...base, [':smuggled', 'x']] },
  'a connection field': withField('connection', 'content-length'),
  'an upgrade': withField('upgrade', 'websocket'),
  'another TE than trailers': withField('te', 'chunked'),
  'a host beside another authority': withField('host', 'smuggled'),
}

function smuggling(create: Create): void {
  test('no request of HTTP/2 reaches a target as two', () =>
    onSecureStage(create, [answering('ok')], async ({ port, backends }, ca) => {
      const [backend] = backends
      assert.ok(backend)
      for (const [what, attack] of Object.entries(attacks)) {
        backend.received = ''
        await sendRaw(port, ca, attack)
        const seen = backend.received
        assert.doesNotMatch(seen, /^(GET|POST) \S*smuggled/m, what)
        assert.doesNotMatch(seen, /^host: smuggled/im, what)
        const heads = seen.match(/^[A-Z]+ \S* HTTP\/1\.1\r$/gm) ?? []
        assert.ok(heads.length <= 1, `${what}: ${seen}`)
      }
    }))
}

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { exchangeBytes, statusesOf, until, untilHealthy } from './data-plane-fixture.ts'
import { hear, onSecureStage, session } from './data-plane-http2.ts'
import type { Create, Stage } from './data-plane-stage.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>
type Serve = (stream: ServerHttp2Stream, headers: Headers) => void

/** A target that speaks HTTP/2 without TLS, from the first byte. */
interface StreamTarget {
  readonly port: number
  readonly sessions: Set<ServerHttp2Session>
  readonly seen: Headers[]
  close(): Promise<void>
}

async function startTarget(serve: Serve): Promise<StreamTarget> {
  const server = createServer()
  const sessions = new Set<ServerHttp2Session>()
  const seen: Headers[] = []
  server.on('session', (opened) => {
    sessions.add(opened)
    opened.on('error', () => undefined).on('close', () => sessions.delete(opened))
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    seen.push(headers as Headers)
    serve(stream, headers as Headers)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    sessions,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const opened of sessions) opened.destroy()
      }),
  }
}

/** What a server of gRPC says of a method that it does not have. */
function unimplemented(stream: ServerHttp2Stream): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' },
    { endStream: true },
  )
}

/** Sends each message back as it comes, and a status behind the last one. */
const echoing: Serve = (stream, headers) => {
  if (headers[':path'] === '/AWS.ALB/healthcheck') {
    unimplemented(stream)
    return
  }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-last': 'yes' }))
  stream.on('data', (bytes: Buffer) => stream.write(bytes)).on('end', () => stream.end())
}

async function onTargets(
  create: Create,
  serves: readonly Serve[],
  version: 'http2' | 'grpc',
  body: (stage: Stage & { targets: readonly StreamTarget[]; ca: string }) => Promise<void>,
): Promise<void> {
  const targets = await Promise.all(serves.map((serve) => startTarget(serve)))
  const check =
    version === 'grpc'
      ? ({ protocol: 'grpc', path: '/AWS.ALB/healthcheck', matcher: '12' } as const)
      : ({ protocol: 'http2', path: '/', matcher: '200' } as const)
  try {
    await onSecureStage(
      create,
      [],
      async (stage, ca) => {
        await untilHealthy(stage.plane, targets.length)
        for (const { seen } of targets) seen.splice(0)
        await body({ ...stage, targets, ca })
      },
      { version, backends: targets.map(({ port }) => ({ port })), check },
    )
  } finally {
    await Promise.all(targets.map((target) => target.close()))
  }
}

const call = { ':method': 'POST', ':path': '/a.B/C', 'content-type': 'application/grpc' }
const answering: Serve = (stream) => {
  stream.respond({ ':status': 200 })
  stream.end('ok')
}

/** What a data plane must do that speaks HTTP/2 to targets. */
export function dataPlaneStreamsSuite(name: string, create: Create): void {
  describe(`${name} before targets of HTTP/2`, () => {
    calls(create)
    abortions(create)
    slowness(create)
    requests(create)
    checks(create)
  })
}

function calls(create: Create): void {
  test('messages go both ways while a call is under way, and trailers end it', () =>
    onTargets(create, [echoing], 'grpc', async ({ port, ca, targets, plane }) => {
      const opened = session(port, ca)
      const stream = opened.request({ ...call, te: 'trailers' }, { endStream: false })
      let trailers: Headers = {}
      stream.on('trailers', (received) => (trailers = received as Headers))
      for (const message of ['one', 'two']) {
        stream.write(message)
        const [bytes] = (await once(stream, 'data')) as [Buffer]
        assert.equal(bytes.toString(), message)
        assert.equal(plane.report().targets[0]?.requestsInFlight, 1)
      }
      stream.end()
      await once(stream.resume(), 'close')
      assert.deepEqual([trailers['grpc-status'], trailers['x-last']], ['0', 'yes'])
      const [seen] = targets[0]?.seen ?? []
      assert.deepEqual(
        [seen?.['te'], seen?.['x-forwarded-proto'], seen?.[':authority']],
        ['trailers', 'https', `a:${port}`],
      )
      assert.equal(plane.report().targets[0]?.requestsInFlight, 0)
      const counts = plane.report().traffic?.find(({ targetGroupId }) => targetGroupId === 'group')
      assert.deepEqual([counts?.requests, counts?.status2xx], [1, 1])
      opened.destroy()
    }))

  test('an answer that is trailers alone, and trailers of a client, go through', () =>
    onTargets(create, [unimplementedAfterBody], 'grpc', async ({ port, ca, targets }) => {
      const opened = session(port, ca)
      const { status, headers } = await hear(opened, call, ['\0\0\0\0\0'])
      assert.deepEqual([status, headers['grpc-status']], [200, '12'])
      const stream = opened.request(call, { endStream: false, waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '7' }))
      stream.end('x')
      await once(stream.resume(), 'close')
      assert.equal(targets[0]?.seen.at(-1)?.['x-sum'], '7')
      opened.destroy()
    }))

  test('only POST goes to a group of gRPC, and nothing of HTTP/1.1', () =>
    onTargets(create, [echoing], 'grpc', async ({ port, ca, targets }) => {
      const opened = session(port, ca)
      assert.equal((await hear(opened, { ':path': '/' })).status, 464)
      opened.destroy()
      assert.deepEqual(targets[0]?.seen, [])
    }))

  test('a stream that a target resets is reset for its client', () =>
    onTargets(create, [resetting], 'grpc', async ({ port, ca }) => {
      const opened = session(port, ca)
      await assert.rejects(hear(opened, call, ['x']), /INTERNAL_ERROR/)
      const { status } = await hear(opened, { ...call, ':path': '/silent' }, ['x'])
      assert.equal(status, 502)
      opened.destroy()
    }))
}

function abortions(create: Create): void {
  test('a request whose client goes away in the middle is never whole for its target', async () => {
    let [wasWhole, wasCut] = [false, false]
    const watching: Serve = (stream, headers) => {
      if (headers[':path'] !== '/up') {
        stream.respond({ ':status': 200 }, { endStream: true })
        return
      }
      stream.resume().on('end', () => (wasWhole = (stream.rstCode ?? 0) === 0))
      stream.on('close', () => (wasCut = true))
    }
    await onTargets(create, [watching], 'http2', async ({ port, ca, targets }) => {
      const opened = session(port, ca)
      const stream = opened.request({ ':method': 'POST', ':path': '/up' }, { endStream: false })
      stream.on('error', () => undefined).write('half')
      await until('the target has it', () => targets[0]?.seen.length === 1)
      opened.destroy()
      await until('the target knows', () => wasCut)
      assert.equal(wasWhole, false)
    })
  })
}

function slowness(create: Create): void {
  test('a connection without requests is closed, and a body that does not come is not waited for', async () => {
    const target = await startTarget((stream) => stream.resume())
    const check = { protocol: 'tcp' } as const
    const options = { version: 'http2', idleTimeoutSeconds: 0.3, check } as const
    await onSecureStage(
      create,
      [],
      async ({ port, plane }, ca) => {
        await untilHealthy(plane, 1)
        const opened = session(port, ca)
        const stalled = opened.request({ ':method': 'POST' }, { endStream: false })
        stalled.on('error', () => undefined).write('half')
        const silent = opened.request({ ':path': '/' })
        const [late] = (await once(silent, 'response')) as [Headers]
        assert.equal(Number(late[':status']), 504)
        silent.resume()
        stalled.resume()
        await Promise.all([silent, stalled].map(async (s) => s.closed || once(s, 'close')))
        await until('nothing is under way', () => {
          return plane.report().targets[0]?.requestsInFlight === 0
        })
        await once(opened, 'close')
      },
      { ...options, backends: [{ port: target.port }] },
    )
    await target.close()
  })

  test('heads beyond all measure reach no target', () =>
    onTargets(create, [answering], 'http2', async ({ port, ca, targets }) => {
      const opened = session(port, ca)
      const large = { ':path': '/', 'x-a': 'y'.repeat(20_000) }
      const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`x-${at}`, 'y']))
      for (const headers of [large, { ':path': '/', ...many }]) {
        const answer = await hear(opened, headers).catch(() => undefined)
        assert.ok(answer === undefined || answer.status === 431, `it was ${answer?.status}`)
      }
      assert.deepEqual(targets[0]?.seen, [])
      opened.destroy()
    }))
}

const unimplementedAfterBody: Serve = (stream, headers) => {
  stream.on('trailers', (trailers) => Object.assign(headers, trailers))
  stream.resume().on('end', () => unimplemented(stream))
}

const resetting: Serve = (stream, headers) => {
  if (headers[':path'] === '/AWS.ALB/healthcheck') unimplemented(stream)
  else if (headers[':path'] === '/silent') stream.destroy(new Error('gone'))
  else {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' })
    stream.write('half')
    setImmediate(() => stream.destroy(new Error('gone')))
  }
}

function requests(create: Create): void {
  test('a request goes to another target when one is gone, and none is lost when one drains', () =>
    onTargets(create, [answering, answering], 'http2', async (stage) => {
      const { port, ca, targets, apply } = stage
      const opened = session(port, ca)
      const ask = async (): Promise<number> => (await hear(opened, { ':path': '/x' })).status
      assert.deepEqual(await Promise.all([ask(), ask(), ask(), ask()]), [200, 200, 200, 200])
      await targets[0]?.close()
      const after = await Promise.all(Array.from({ length: 20 }, ask))
      assert.deepEqual(new Set(after), new Set([200]))
      await apply({ backends: [{ port: targets[1]?.port ?? 0, state: 'draining' }] })
      assert.equal(await ask(), 503)
      opened.destroy()
    }))

  test('answers without a body come through', () =>
    onTargets(create, [emptyHanded], 'http2', async ({ port, ca }) => {
      const opened = session(port, ca)
      const head = await hear(opened, { ':method': 'HEAD', ':path': '/5' })
      assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '5', ''])
      for (const status of [204, 304]) {
        assert.equal((await hear(opened, { ':path': `/${status}` })).status, status)
      }
      opened.destroy()
    }))

  test('clients of HTTP/1.1 are told that they are not understood', () =>
    onTargets(create, [answering], 'http2', async ({ port, apply, targets, ca }) => {
      const opened = session(port, ca)
      assert.equal((await hear(opened, { ':path': '/' })).body, 'ok')
      opened.destroy()
      targets[0]?.seen.splice(0)
      await apply({ tls: undefined as never, backends: targets.map((target) => target) })
      const text = await exchangeBytes(
        port,
        'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      )
      assert.deepEqual(statusesOf(text), [464])
      assert.deepEqual(targets[0]?.seen, [])
    }))

  test('a large body goes through at the pace of its reader', () =>
    onTargets(create, [reading], 'http2', async ({ port, ca }) => {
      const opened = session(port, ca)
      const part = 'x'.repeat(64 * 1024)
      const parts = Array.from({ length: 64 }, () => part)
      const { body } = await hear(opened, { ':method': 'PUT' }, parts)
      assert.equal(body, String(64 * 64 * 1024))
      opened.destroy()
    }))
}

const emptyHanded: Serve = (stream, headers) => {
  const code = Number(/\d+$/.exec(String(headers[':path']))?.[0] ?? 200)
  if (code === 5) stream.respond({ ':status': 200, 'content-length': 5 }, { endStream: true })
  else stream.respond({ ':status': code }, { endStream: true })
}

const reading: Serve = (stream) => {
  let bytes = 0
  stream.on('data', (part: Buffer) => (bytes += part.length))
  stream.on('end', () => {
    stream.respond({ ':status': 200 })
    stream.end(String(bytes))
  })
}

function checks(create: Create): void {
  test('a check of gRPC asks for a code', async () => {
    const target = await startTarget(unimplemented)
    const check = { protocol: 'grpc', path: '/AWS.ALB/healthcheck', intervalSeconds: 0.02 } as const
    const backends = [{ port: target.port }]
    await onSecureStage(
      create,
      [],
      async ({ plane, apply }) => {
        await untilHealthy(plane, 1)
        const [seen] = target.seen
        assert.deepEqual(
          [seen?.[':method'], seen?.[':path'], seen?.['content-type']],
          ['POST', '/AWS.ALB/healthcheck', 'application/grpc'],
        )
        await apply({ check: { ...check, matcher: '0-5' } })
        await until('it is unhealthy', () => plane.report().targets[0]?.state === 'unhealthy')
        const [{ reason, description } = {}] = plane.report().targets
        assert.equal(reason, 'Target.ResponseCodeMismatch')
        assert.equal(description, 'Health checks failed with these codes: [12]')
      },
      { version: 'grpc', backends, check: { ...check, matcher: '12' } },
    )
    await target.close()
  })
}

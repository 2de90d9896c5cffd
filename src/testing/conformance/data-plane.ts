import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  answering,
  ask,
  exchangeBytes,
  forwardToGroup,
  statusesOf,
  type BackendScript,
} from './data-plane-fixture.ts'
import { desyncModes } from './data-plane-desync.ts'
import { strictAttacks, tolerantAttacks } from './data-plane-smuggling.ts'
import { onStage, strictPlane, type Create, type PlaneTraits } from './data-plane-stage.ts'

/** What every data plane must do with one request at a time: heads, bodies, and what is not a request. */
export function dataPlaneSuite(name: string, create: Create, traits = strictPlane): void {
  describe(`${name} as a data plane`, () => {
    attacks(create, traits)
    bodies(create, traits)
    endings(create, traits)
    heads(create, traits)
    rules(create)
    limits(create)
    ownPages(create)
  })
}

function attacks(create: Create, traits: PlaneTraits): void {
  if (traits.isStrict) {
    strictAttacks(create)
    desyncModes(create)
  }
  tolerantAttacks(create)

  if (traits.isStrict)
    test('chunk extensions and trailers do not reach the target', async () => {
      const script: BackendScript = (socket, text) => {
        if (text.endsWith('0\r\n\r\n')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      }
      await onStage(create, [script], async ({ port, backends }) => {
        const body = '3;ext=1\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n'
        const head =
          'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n'
        assert.deepEqual(statusesOf(await exchangeBytes(port, `${head}\r\n${body}`)), [200])
        assert.match(backends[0]?.received ?? '', /\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/)
      })
    })

  const broken = Object.entries(brokenAnswers).filter(
    ([what]) => traits.isStrict || !mended.includes(what),
  )
  for (const [what, response] of broken) {
    test(`an answer with ${what} becomes 502`, async () => {
      await onStage(create, [(socket) => socket.write(response)], async ({ port }) => {
        assert.deepEqual(statusesOf(await ask(port)), [502])
      })
    })
  }
}

const brokenAnswers: Readonly<Record<string, string>> = {
  'both lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc',
  'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc',
  'a folded header': 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n',
  'a space before a colon': 'HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n',
  'no status': 'HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n',
  'an unasked protocol switch': 'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n',
}

/** A plane that is not strict makes one meaning of these. */
const mended = ['both lengths', 'a folded header']

const headAndEmpty = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'

function bodies(create: Create, { isStrict }: PlaneTraits): void {
  test('a body of known length goes through whole, however it is cut', async () => {
    const body = 'x'.repeat(300_000)
    const script: BackendScript = (socket, text) => {
      if (text.length - text.indexOf('\r\n\r\n') - 4 === body.length) socket.write(headAndEmpty)
    }
    await onStage(create, [script], async ({ port, backends }) => {
      const head = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}`
      assert.deepEqual(statusesOf(await exchangeBytes(port, `${head}\r\n\r\n${body}`)), [200])
      assert.ok(backends[0]?.received.endsWith(body))
    })
  })

  const answers: Readonly<Record<string, string>> = {
    'of known length': `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello`,
    'in chunks': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\n\r\n`,
  }
  for (const [what, answer] of Object.entries(answers)) {
    test(`an answer ${what} goes through, and both connections serve again`, async () => {
      await onStage(create, [(socket) => socket.write(answer)], async ({ port, backends }) => {
        const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
        const last = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
        const text = await exchangeBytes(port, request + request + last)
        assert.deepEqual(statusesOf(text), [200, 200, 200])
        assert.equal(text.split(/hello|5\r\nhello|2\r\nhe\r\n3\r\nllo/).length, 4)
        // One connection for the requests, beside those that checked its health.
        assert.equal(backends[0]?.sockets.size, 1)
      })
    })
  }

  test('long answers at the same time stay apart, even for clients that read late', async () => {
    const digits = ['1', '2', '3', '4']
    const script: BackendScript = (socket, text) => {
      const digit = /GET \/([0-9])/.exec(text)?.[1] ?? ''
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n${digit.repeat(3_000_000)}`)
    }
    await onStage(create, [script], async ({ port }) => {
      const { connect } = await import('node:net')
      const reading = digits.map(async (digit) => {
        const socket = connect({ port, host: '127.0.0.1' })
        socket.write(`GET /${digit} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
        await new Promise((resolve) => setTimeout(resolve, 50))
        let text = ''
        for await (const chunk of socket) text += String(chunk)
        return text.slice(text.indexOf('\r\n\r\n') + 4)
      })
      const bodiesRead = await Promise.all(reading)
      for (const [index, digit] of digits.entries()) {
        assert.ok(bodiesRead[index] === digit.repeat(3_000_000), `answer ${digit}`)
      }
    })
  })

  if (isStrict)
    test('an answer that ends with its connection is given in chunks, and the client may go on', async () => {
      const script: BackendScript = (socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nhello')
      await onStage(create, [script], async ({ port }) => {
        const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
        const text = await exchangeBytes(
          port,
          request + request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
        )
        assert.deepEqual(statusesOf(text), [200, 200])
        assert.equal(text.split('5\r\nhello\r\n0\r\n\r\n').length, 3)
      })
    })
}

function endings(create: Create, { isStrict }: PlaneTraits): void {
  if (isStrict)
    test('an HTTP/1.0 client gets chunks without their framing, and the end of the connection', async () => {
      const chunks =
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'
      await onStage(create, [(socket) => socket.write(chunks)], async ({ port }) => {
        const text = await exchangeBytes(port, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n')
        assert.match(text, /\r\n\r\nhello$/)
        assert.doesNotMatch(text, /Transfer-Encoding/i)
      })
    })

  test('an answer that breaks off is not passed on as a whole', async () => {
    const script: BackendScript = (socket) =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
    await onStage(create, [script], async ({ port }) => {
      const text = await ask(port)
      assert.doesNotMatch(text, /0\r\n\r\n$/)
    })
  })

  test('100 Continue is passed on, and the body after it', async () => {
    const script: BackendScript = (socket, text) => {
      if (text.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      if (text.endsWith('hello')) socket.write(headAndEmpty)
    }
    await onStage(create, [script], async ({ port }) => {
      const { connect } = await import('node:net')
      const socket = connect({ port, host: '127.0.0.1' })
      let text = ''
      let isSent = false
      socket.write(
        'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 5\r\n\r\n',
      )
      for await (const chunk of socket) {
        text += String(chunk)
        if (text.includes('100 Continue') && !isSent) {
          isSent = true
          socket.write('hello')
        }
      }
      assert.deepEqual(statusesOf(text), [100, 200])
    })
  })

  for (const [line, answer] of [
    ['HEAD / HTTP/1.1', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
    ['GET / HTTP/1.1', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['GET / HTTP/1.1', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
  ] as const) {
    test(`${line} answered by ${answer.slice(9, 12)} has no body`, async () => {
      await onStage(create, [(socket) => socket.write(answer)], async ({ port }) => {
        const request = `${line}\r\nHost: a\r\n\r\n`
        const text = await exchangeBytes(
          port,
          request + request,
          (soFar) => statusesOf(soFar).length === 2 && soFar.endsWith('\r\n\r\n'),
        )
        assert.equal(statusesOf(text).length, 2)
      })
    })
  }
}

function heads(create: Create, { isStrict }: PlaneTraits): void {
  test('the target learns who asked, and nothing of the client’s connection', async () => {
    await onStage(create, [answering('ok')], async ({ port, backends }) => {
      const more =
        'X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\nConnection: X-Secret\r\nX-Secret: 1\r\n' +
        'Keep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r\nProxy-Connection: x\r\nX-Kept: yes\r\n'
      assert.deepEqual(statusesOf(await ask(port, 'GET /path?q=1 HTTP/1.1', more)), [200])
      const head = backends[0]?.received ?? ''
      assert.match(head, /^GET \/path\?q=1 HTTP\/1\.1\r\nHost: site\r\n/i)
      assert.match(head, /\r\nX-Forwarded-For: 9\.9\.9\.9, 127\.0\.0\.1\r\n/i)
      assert.match(head, /\r\nX-Forwarded-Proto: http\r\n/i)
      assert.match(head, new RegExp(`\r\nX-Forwarded-Port: ${port}\r\n`, 'i'))
      assert.match(head, /\r\nX-Amzn-Trace-Id: Root=1-[0-9a-f]{8}-[0-9a-f]{24}\r\n/i)
      assert.match(head, /\r\nX-Kept: yes\r\n/i)
      assert.doesNotMatch(head, /Keep-Alive|TE:|Upgrade|Connection|https/i)
      if (isStrict) assert.doesNotMatch(head, /Secret/i)
    })
  })

  test('an absolute target names the host; against another Host it goes nowhere, or wins', async () => {
    await onStage(create, [answering('ok')], async ({ port, backends }) => {
      const text = await ask(port, 'GET http://other:8080/p HTTP/1.1')
      const received = backends[0]?.received ?? ''
      if (isStrict) assert.match(received, /^GET \/p HTTP\/1\.1\r\nHost: other:8080\r\n/)
      else assert.deepEqual([statusesOf(text), received], [[400], ''])
    })
  })
}

function limits(create: Create): void {
  test('a backslash makes a wildcard plain, and 31 places on the way are too many', async () => {
    const rules = [
      {
        id: 'c',
        conditions: [{ field: 'query', values: [{ key: 'a', value: 'x\\*y' }] }],
        action: { type: 'fixed-response', statusCode: 419, contentType: 'text/plain', body: 'q' },
      },
      forwardToGroup,
    ] as const
    await onStage(
      create,
      [answering('ok')],
      async ({ port }) => {
        assert.match(await ask(port, 'GET /q?a=x*y HTTP/1.1'), /^HTTP\/1\.1 419 /)
        assert.match(await ask(port, 'GET /q?a=xzy HTTP/1.1'), /^HTTP\/1\.1 200 /)
        const way = (places: number): string =>
          `GET / HTTP/1.1\r\nX-Forwarded-For: ${Array(places).fill('10.0.0.1').join(', ')}`
        assert.match(await ask(port, way(30)), /^HTTP\/1\.1 200 /)
        assert.match(await ask(port, way(31)), /^HTTP\/1\.1 463 [^]*Content-Length: 0\r\n/i)
      },
      { rules },
    )
  })
}

function ownPages(create: Create): void {
  test('a refusal has its own page, and a target’s time to keep connections stays behind', async () => {
    const script: BackendScript = (socket, text) => {
      if (!text.endsWith('\r\n\r\n')) return
      socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=120\r\nContent-Length: 0\r\n\r\n')
    }
    await onStage(create, [script], async ({ port }) => {
      assert.doesNotMatch(await ask(port), /^Keep-Alive:/im)
      assert.match(await ask(port, 'TRACE / HTTP/1.1'), /<h1>405 Not Allowed<\/h1>/)
    })
  })
}

function rules(create: Create): void {
  test('rules answer in order: path, host, fixed response, redirect, default', async () => {
    const rules = [
      {
        id: 'a',
        conditions: [{ field: 'path', values: ['/fixed*'] }],
        action: { type: 'fixed-response', statusCode: 418, contentType: 'text/plain', body: 'tea' },
      },
      {
        id: 'b',
        conditions: [{ field: 'host', values: ['*.old.example'] }],
        action: {
          type: 'redirect',
          statusCode: 301,
          protocol: '#{protocol}',
          host: 'new.example',
          port: '#{port}',
          path: '/#{path}',
          query: '#{query}',
        },
      },
      forwardToGroup,
    ] as const
    await onStage(
      create,
      [answering('ok')],
      async ({ port }) => {
        assert.match(await ask(port, 'GET /fixed/1 HTTP/1.1'), /^HTTP\/1\.1 418[^]*tea$/)
        const moved = await exchangeBytes(
          port,
          'GET /a?b=c HTTP/1.1\r\nHost: WWW.old.example\r\nConnection: close\r\n\r\n',
        )
        assert.match(moved, new RegExp(`Location: http://new\\.example:${port}/a\\?b=c\r\n`, 'i'))
        assert.match(moved, /Content-Length: 134\r\n[^]*<h1>301 Moved Permanently<\/h1>/i)
        assert.match(await ask(port, 'GET /FIXED HTTP/1.1'), /^HTTP\/1\.1 200[^]*ok$/)
      },
      { rules },
    )
  })

  test('a body of a request that we answer ourselves is not taken for the next request', async () => {
    const rules = [
      {
        id: 'a',
        conditions: [],
        action: { type: 'fixed-response', statusCode: 200, contentType: 'text/plain', body: 'x' },
      },
    ] as const
    await onStage(
      create,
      [answering('ok')],
      async ({ port, backends }) => {
        const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
        const first = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`
        const text = await exchangeBytes(
          port,
          `${first}GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
        )
        assert.deepEqual(statusesOf(text), [200, 200])
        assert.equal(backends[0]?.received, '')
      },
      { rules },
    )
  })
}

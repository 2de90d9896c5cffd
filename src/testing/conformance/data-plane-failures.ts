import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import type { DataPlane } from '../../balance/data-plane.ts'
import { resetSocket } from '../../drivers/node-proxy/reset-socket.ts'
import {
  answering,
  ask,
  exchangeBytes,
  startBackend,
  statusesOf,
  until,
  untilHealthy,
  type BackendScript,
} from './data-plane-fixture.ts'
import { onStage } from './data-plane-stage.ts'

type Create = (gatewayId: string) => DataPlane

/** What every data plane must do when targets fail, leave, drain and return. */
export function dataPlaneFailureSuite(name: string, create: Create): void {
  describe(`${name} when targets fail`, () => {
    retries(create)
    rotation(create)
    draining(create)
    tunnels(create)
  })
}

/** Closes the connection of every request without an answer. */
const hangingUp: BackendScript = (socket, text) => {
  if (text.includes('\r\n\r\n')) socket.destroy()
}

const post = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello'

function retries(create: Create): void {
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE']) {
    test(`${method} is tried on another target when the first one hangs up`, async () => {
      await onStage(create, [hangingUp, answering('')], async ({ port }) => {
        for (let i = 0; i < 4; i++) {
          assert.deepEqual(statusesOf(await ask(port, `${method} / HTTP/1.1`)), [200])
        }
      })
    })
  }

  test('PUT is tried again with its body while all of it is kept', async () => {
    const put = post.replace('POST', 'PUT')
    const saving: BackendScript = (socket, text) => {
      if (text.endsWith('hello')) socket.write('HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n')
    }
    await onStage(create, [hangingUp, saving], async ({ port }) => {
      assert.deepEqual(statusesOf(await exchangeBytes(port, put)), [201])
      assert.deepEqual(statusesOf(await exchangeBytes(port, put)), [201])
    })
  })

  test('POST is not sent twice once a target has had bytes of it', async () => {
    await onStage(create, [hangingUp, hangingUp], async ({ port, backends }) => {
      assert.deepEqual(statusesOf(await exchangeBytes(port, post)), [502])
      const received = backends.map((backend) => backend.received).join('')
      assert.equal(received.split('POST').length, 2)
    })
  })

  test('POST goes to another target when the connection is refused', async () => {
    await onStage(
      create,
      [answering('a'), (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')],
      async ({ port, backends }) => {
        await backends[0]?.close()
        for (let i = 0; i < 4; i++) {
          assert.deepEqual(statusesOf(await exchangeBytes(port, post)), [200])
        }
      },
    )
  })

  test('a kept connection that the only target closed costs no request', async () => {
    await onStage(create, [answering('ok')], async ({ port, backends }) => {
      assert.deepEqual(statusesOf(await ask(port)), [200])
      for (const socket of backends[0]?.sockets ?? []) resetSocket(socket)
      assert.deepEqual(statusesOf(await ask(port)), [200])
    })
  })

  test('nothing is tried again once an answer has begun', async () => {
    const breaking: BackendScript = (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', () => socket.destroy())
    await onStage(create, [breaking, breaking], async ({ port, backends }) => {
      assert.match(await ask(port), /half$/)
      const received = backends.map((backend) => backend.received).join('')
      assert.equal(received.split('GET').length, 2)
    })
  })
}

function rotation(create: Create): void {
  test('requests take turns over healthy targets', async () => {
    await onStage(create, ['a', 'b', 'c'].map(answering), async ({ port }) => {
      const bodies = []
      for (let i = 0; i < 9; i++) bodies.push((await ask(port)).at(-1))
      for (const body of ['a', 'b', 'c']) {
        assert.equal(bodies.filter((one) => one === body).length, 3)
      }
    })
  })

  test('no target at all is 503, targets that all refuse are 502', async () => {
    await onStage(create, [answering('a')], async ({ port, backends, apply }) => {
      await backends[0]?.close()
      assert.deepEqual(statusesOf(await ask(port)), [502])
      await apply({ backends: [] })
      assert.deepEqual(statusesOf(await ask(port)), [503])
    })
  })

  test('a target that refuses leaves at once and returns when it answers again', async () => {
    await onStage(create, ['a', 'b'].map(answering), async ({ port, backends }) => {
      const [first] = backends
      await first?.close()
      for (let i = 0; i < 6; i++) assert.equal((await ask(port)).at(-1), 'b')
      const back = await startBackend(answering('A'), first?.port)
      let answer = ''
      await until('the target is back', () => {
        void ask(port).then((text) => (answer = text.at(-1) ?? ''))
        return answer === 'A'
      })
      await back.close()
    })
  })

  test('when every target is unhealthy all are tried', async () => {
    const sick: BackendScript = (socket, text) => {
      const isCheck = text.includes('ELB-HealthChecker')
      socket.write(`HTTP/1.1 ${isCheck ? '500 No' : '200 OK'}\r\nContent-Length: 0\r\n\r\n`)
    }
    const check = { protocol: 'http', intervalSeconds: 0.02, unhealthyThreshold: 2 } as const
    await onStage(create, [answering('a')], async ({ plane, port, apply }) => {
      const backend = await startBackend(sick)
      await apply({ backends: [backend], check })
      await until('it is unhealthy', () => plane.report().targets[0]?.state === 'unhealthy')
      assert.equal(plane.report().targets[0]?.reason, 'Target.ResponseCodeMismatch')
      assert.deepEqual(statusesOf(await ask(port)), [200])
      await backend.close()
    })
  })

  test('a target that is gone gets nothing more, and what was under way goes elsewhere', async () => {
    const silent: BackendScript = () => undefined
    await onStage(create, [silent, answering('b')], async ({ port, backends, apply }) => {
      const asked = [ask(port), ask(port)]
      await until('one request hangs', () => (backends[0]?.received ?? '') !== '')
      await apply({
        backends: [
          { port: backends[0]?.port ?? 0, state: 'gone' },
          { port: backends[1]?.port ?? 0 },
        ],
      })
      for (const text of await Promise.all(asked)) assert.equal(text.at(-1), 'b')
    })
  })
}

function draining(create: Create): void {
  test('a draining target finishes what it has and gets nothing new', async () => {
    const slow: BackendScript = () => undefined
    await onStage(create, [slow, answering('b')], async ({ plane, port, backends, apply }) => {
      const [first, second] = backends
      const asked = [ask(port), ask(port)]
      await until('one request is under way', () => (first?.received ?? '') !== '')
      await apply({
        backends: [{ port: first?.port ?? 0, state: 'draining' }, { port: second?.port ?? 0 }],
      })
      const reported = (): number | undefined =>
        plane.report().targets.find((target) => target.state === 'draining')?.requestsInFlight
      await until('one is counted', () => reported() === 1)
      for (let i = 0; i < 4; i++) assert.equal((await ask(port)).at(-1), 'b')
      for (const socket of first?.sockets ?? []) {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na')
      }
      const bodies = (await Promise.all(asked)).map((text) => text.at(-1))
      assert.deepEqual(new Set(bodies), new Set(['a', 'b']))
      await until('nothing is under way', () => reported() === 0)
    })
  })

  test('a new configuration drops no connection, and a kept one follows it', async () => {
    await onStage(create, ['a', 'b'].map(answering), async ({ plane, port, backends, apply }) => {
      const socket = connect({ port, host: '127.0.0.1' })
      const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
      socket.write(request)
      await once(socket, 'data')
      await apply({ backends: [backends[1] ?? { port: 0 }] })
      await untilHealthy(plane, 1)
      for (let i = 0; i < 3; i++) {
        socket.write(request)
        const [chunk] = await once(socket, 'data')
        assert.match(String(chunk), /b$/)
      }
      socket.destroy()
    })
  })
}

function tunnels(create: Create): void {
  test('a WebSocket is a tunnel after its handshake, both ways', async () => {
    const echo: BackendScript = (socket, text) => {
      if (text.endsWith('\r\n\r\n')) {
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
            'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhbRbK+xOo=\r\n\r\n',
        )
      } else socket.write(`echo ${text.slice(text.indexOf('\r\n\r\n') + 4)}`)
    }
    await onStage(create, [echo], async ({ port, plane }) => {
      const handshake =
        'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
      const socket = connect({ port, host: '127.0.0.1' })
      let text = ''
      socket.write(handshake)
      for await (const bytes of socket) {
        text += String(bytes)
        if (text.endsWith('\r\n\r\n')) socket.write('ping')
        if (text.endsWith('echo ping')) break
      }
      assert.match(text, /^HTTP\/1\.1 101 [^]*Upgrade: websocket\r\n[^]*\r\necho ping$/i)
      await until('the tunnel is closed', () => plane.report().targets[0]?.requestsInFlight === 0)
    })
  })

  test('a silent target is answered for with 504, a silent client with 408', async () => {
    await onStage(
      create,
      [() => undefined],
      async ({ port }) => {
        assert.deepEqual(statusesOf(await ask(port)), [504])
        assert.deepEqual(statusesOf(await exchangeBytes(port, 'GET / HT')), [408])
        const partOfBody = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc'
        const text = await exchangeBytes(port, partOfBody)
        // HAProxy may lose patience with its target first.
        assert.match(text, /^HTTP\/1\.1 (408|504) [^]*\r\nConnection: close\r\n/i)
      },
      { idleTimeoutSeconds: 0.1 },
    )
  })
}

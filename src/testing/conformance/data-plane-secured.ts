import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { describe, test } from 'node:test'
import { connect, createServer } from 'node:tls'
import type { DataPlane } from '../../balance/data-plane.ts'
import { exchangeBytes, statusesOf, until, untilHealthy } from './data-plane-fixture.ts'
import { openKeyring, type Keyring } from './data-plane-keyring.ts'
import { onStage } from './data-plane-stage.ts'

type Create = (gatewayId: string) => DataPlane

const versions = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' } as const

/** A target inside TLS that counts its connections and gives back what it is sent, or answers requests over HTTP. */
async function securedTarget(
  keyring: Keyring,
  kind: 'echo' | 'http',
): Promise<{ readonly port: number; count(): number; received(): string; close(): void }> {
  const { certificate: cert, privateKey: key } = await keyring.of('inside.test')
  let connections = 0
  let received = ''
  const sockets = new Set<Socket>()
  const server = createServer({ cert, key }, (socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1')
      if (kind === 'echo') socket.write(bytes)
      else if (received.endsWith('\r\n\r\n') || received.endsWith('end')) socket.write(answer)
    })
    socket.on('end', () => socket.end())
  })
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    count: () => connections,
    received: () => received,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** What every data plane must do about TLS towards targets, and in front of what it does not read. */
export function dataPlaneSecuredSuite(name: string, create: Create): void {
  describe(`${name} before targets inside TLS`, () => {
    test('requests go on inside TLS, whatever certificate is shown, over connections that are kept', async () => {
      const keyring = await openKeyring()
      const target = await securedTarget(keyring, 'http')
      try {
        await onStage(
          create,
          [],
          async ({ plane, port, apply }) => {
            await apply({ backends: [{ port: target.port }] })
            await untilHealthy(plane, 1)
            const before = target.count()
            const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
            const both = `${get}GET /again HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
            assert.deepEqual(statusesOf(await exchangeBytes(port, both)), [200, 200])
            assert.equal(target.count() - before, 1)
            const post =
              'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nend'
            assert.deepEqual(statusesOf(await exchangeBytes(port, post)), [200])
            assert.match(target.received(), /GET \/again/)
          },
          { isSecured: true },
        )
      } finally {
        target.close()
      }
    })

    test('a target that does not speak TLS gets no byte of a request', async () => {
      await onStage(
        create,
        [(socket) => socket.write('220 ready\r\n')],
        async ({ port, backends }) => {
          const get = 'GET /secret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
          assert.deepEqual(statusesOf(await exchangeBytes(port, get)), [502])
          assert.equal(backends[0]?.received.includes('secret'), false)
        },
        { isSecured: true },
      )
    })
    relays(create)
  })
}

function relays(create: Create): void {
  test('a TLS listener ends TLS before what it does not read, and may begin it anew', async () => {
    const keyring = await openKeyring()
    const certificates = [await keyring.of('front.test')]
    const target = await securedTarget(keyring, 'echo')
    const tls = { ...versions, certificates }
    try {
      await onStage(
        create,
        [(socket, text) => socket.write(`plain ${text}`)],
        async ({ plane, port, backends, apply }) => {
          const say = async (words: string): Promise<string> => {
            const ca = keyring.authority.pem
            const socket = connect({ host: '127.0.0.1', port, ca, servername: 'front.test' })
            await once(socket, 'secureConnect')
            socket.write(words)
            const [bytes] = (await once(socket, 'data')) as [Buffer]
            socket.end()
            return String(bytes)
          }
          assert.equal(await say('hello'), 'plain hello')
          assert.equal(backends[0]?.received, 'hello')
          assert.deepEqual(statusesOf(await exchangeBytes(port, 'GET / HTTP/1.1\r\n\r\n')), [])
          assert.equal(backends[0]?.received, 'hello')
          await apply({ isSecured: true, backends: [{ port: target.port }] })
          await untilHealthy(plane, 1)
          assert.equal(await say('hidden'), 'hidden')
          assert.equal(target.received(), 'hidden')
          const inFlight = (): number => plane.report().targets[0]?.requestsInFlight ?? 0
          await until('nothing is under way', () => inFlight() === 0)
        },
        { tls, protocol: 'tcp' },
      )
    } finally {
      target.close()
    }
  })
}

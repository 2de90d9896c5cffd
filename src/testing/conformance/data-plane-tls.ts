import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { DataPlane } from '../../balance/data-plane.ts'
import { httpDefault } from '../../balance/records.ts'
import {
  answering,
  exchangeBytes,
  statusesOf,
  until,
  type BackendScript,
} from './data-plane-fixture.ts'
import { openKeyring } from './data-plane-keyring.ts'
import { onStage } from './data-plane-stage.ts'

type Create = (gatewayId: string) => DataPlane

/** Speaks first, and not TLS. */
const speaking: BackendScript = (socket) => socket.write('220 ready\r\n')

function checksOverTls(create: Create): void {
  test('checks over TLS take any certificate, and nothing that is not TLS', async () => {
    const keyring = await openKeyring()
    const { certificate: cert, privateKey: key } = await keyring.of('inside.test')
    const server = createServer({ cert, key }, (socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
    })
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    try {
      for (const protocol of ['https', 'tls'] as const) {
        const check = { protocol, port, path: '/', intervalSeconds: 0.02, unhealthyThreshold: 2 }
        await onStage(
          create,
          [speaking],
          async ({ plane, backends, apply }) => {
            assert.equal(plane.report().targets[0]?.state, 'healthy')
            await apply({ check: { ...check, port: backends[0]?.port ?? 0 } })
            const state = () => plane.report().targets[0]?.state
            await until('it is unhealthy', () => state() === 'unhealthy')
          },
          { check },
        )
      }
    } finally {
      server.close()
    }
  })
}

/** What every data plane must do about TLS. */
export function dataPlaneTlsSuite(name: string, create: Create): void {
  describe(`${name} before TLS`, () => {
    checksOverTls(create)

    test('each name gets its certificate, and targets learn that it was HTTPS', async () => {
      const keyring = await openKeyring()
      const certificates = [await keyring.of('first.test'), await keyring.of('*.second.test')]
      const tls = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', certificates } as const
      await onStage(
        create,
        [answering('ok')],
        async ({ port, backends }) => {
          const ca = keyring.authority.pem
          for (const servername of ['first.test', 'www.second.test']) {
            const socket = await secured({ port, ca, servername })
            assert.equal(socket.authorizationError, null)
            assert.match(await askOver(socket), /^HTTP\/1\.1 200[^]*ok$/)
          }
          await assert.rejects(secured({ port, ca, servername: 'a.b.second.test' }), /altnames/)
          const received = backends[0]?.received ?? ''
          assert.match(received, /X-Forwarded-Proto: https\r\n/i)
          assert.match(received, /X-Amzn-Tls-Version: TLSv1\.3\r\n/i)
          assert.match(received, /X-Amzn-Tls-Cipher-Suite: TLS_AES_[0-9A-Z_]+\r\n/i)
        },
        { tls, http: { ...httpDefault, tellsTls: true } },
      )
    })

    test('too old a version, another protocol and plain HTTP get nothing', async () => {
      const keyring = await openKeyring()
      const certificates = [await keyring.of('first.test')]
      const tls = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', certificates } as const
      await onStage(
        create,
        [answering('ok')],
        async ({ port, backends }) => {
          const to = { port, ca: keyring.authority.pem, servername: 'first.test' }
          await assert.rejects(secured({ ...to, maxVersion: 'TLSv1.2' }))
          const other = await secured({ ...to, ALPNProtocols: ['x'] }).catch(() => undefined)
          assert.notEqual(other?.alpnProtocol, 'x')
          other?.destroy()
          const plain = await exchangeBytes(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
          assert.deepEqual(statusesOf(plain), [])
          assert.equal(backends[0]?.received, '')
        },
        { tls },
      )
    })
    changes(create)
  })
}

function changes(create: Create): void {
  test('a certificate is changed under connections that stand', async () => {
    const keyring = await openKeyring()
    const first = await keyring.of('first.test')
    const next = await keyring.of('next.test')
    const versions = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' } as const
    await onStage(
      create,
      [answering('ok')],
      async ({ port, apply }) => {
        const ca = keyring.authority.pem
        const standing = await secured({ port, ca, servername: 'first.test' })
        await apply({ tls: { ...versions, certificates: [next] } })
        await assert.rejects(secured({ port, ca, servername: 'first.test' }), /altnames/)
        const fresh = await secured({ port, ca, servername: 'next.test' })
        assert.match(await askOver(fresh), /ok$/)
        assert.match(await askOver(standing), /ok$/)
      },
      { tls: { ...versions, certificates: [first] } },
    )
  })
}

async function secured(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', ...options })
  await once(socket, 'secureConnect')
  return socket
}

async function askOver(socket: TLSSocket): Promise<string> {
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

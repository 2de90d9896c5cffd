import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { EdgeConfiguration } from '../../src/protocol/edge.ts'
import {
  answering,
  ask,
  configurationOf,
  exchangeBytes,
  freePort,
  startBackend,
  statusesOf,
  until,
  type Backend,
} from '../../src/testing/conformance/data-plane-fixture.ts'
import { Doors } from './gateway-fixture.ts'

const gateways = ['gw-a', 'gw-b']
const siteName = 'web-1.us-east-1.elb.localhost'

describe('edge and gateways as processes', () => {
  const doors = new Doors()
  const ports = { port: 0, sitePort: 0 }
  let backend: Backend
  let generation = 0

  const siteConfiguration = (names = [siteName], ids = gateways): EdgeConfiguration => ({
    generation: ++generation,
    sites: [
      {
        balancerId: 'balancer',
        names,
        listenerId: 'listener',
        gateways: ids.map((id) => ({
          gatewayId: id,
          zone: id,
          socketPath: doors.doorOf(id),
        })),
      },
    ],
  })

  const get = (host = siteName): Promise<string> =>
    exchangeBytes(ports.sitePort, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)

  const gets200 = async (): Promise<boolean> => statusesOf(await get())[0] === 200

  async function configureGateway(id: string, allowedCidrs?: readonly string[]): Promise<void> {
    const port = await freePort()
    const configuration = configurationOf({
      port,
      backends: [backend],
      generation: ++generation,
      ...(allowedCidrs === undefined ? {} : { allowedCidrs }),
    })
    doors.set(`/gateways/${id}/configuration`, { ...configuration, gatewayId: id })
  }

  before(async () => {
    backend = await startBackend(answering('served'))
    ports.port = await freePort()
    ports.sitePort = await freePort()
    await doors.open()
    for (const id of gateways) {
      await configureGateway(id)
      doors.gateway(id)
    }
    doors.edge(ports)
    await until('the gateways report a healthy target', () =>
      gateways.every((id) => doors.reports.get(id)?.targets[0]?.state === 'healthy'),
    )
    let isOpen = false
    await until('the edge listens', () => {
      void get().then((text) => (isOpen ||= text !== ''))
      return isOpen
    })
  })

  after(async () => {
    await doors.close()
    await backend.close()
  })

  test('without sites the site port says what to do; with sites an unknown name lists them', async () => {
    assert.match(await get(), /^HTTP\/1\.1 503[^]*No site yet/)
    doors.set('/edge/configuration', siteConfiguration())
    let isThere = false
    await until('the site is there', () => {
      void gets200().then((is) => (isThere ||= is))
      return isThere
    })
    assert.match(await get('other.example'), new RegExp(`^HTTP/1\\.1 404[^]*${siteName}`))
    assert.match(await get(`${siteName}:4567`), /^HTTP\/1\.1 200[^]*served$/)
    assert.match(await get('127.0.0.1:4567'), /^HTTP\/1\.1 200[^]*served$/)
  })

  test('a kept connection that changes its Host does not reach another site', async () => {
    const first = `GET / HTTP/1.1\r\nHost: ${siteName}\r\n\r\n`
    const other = 'GET / HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n'
    const text = await exchangeBytes(ports.sitePort, first + other)
    assert.deepEqual(statusesOf(text), [200, 404])
  })

  test('the target learns the client of the edge', async () => {
    await get()
    assert.match(backend.received, /\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/)
  })

  test('a gateway that dies costs no idempotent request, and its successor starts from disk while the server is away', async () => {
    const failures: string[] = []
    let isRunning = true
    let asked = 0
    const load = async (): Promise<void> => {
      while (isRunning) {
        const text = await get()
        asked++
        if (statusesOf(text)[0] !== 200) failures.push(text.slice(0, 100))
      }
    }
    const clients = [load(), load(), load(), load()]
    const victim = doors.gateway('gw-c')
    await configureGateway('gw-c')
    await until('the third gateway serves', () => doors.reports.has('gw-c'))
    doors.set('/edge/configuration', siteConfiguration([siteName], [...gateways, 'gw-c']))
    const before = asked
    await until('requests flow', () => asked > before + 200)
    await doors.shut()
    victim.kill('SIGKILL')
    await once(victim, 'exit')
    const atKill = asked
    await until('requests flow', () => asked > atKill + 200)
    const successor = doors.gateway('gw-c')
    await until('its door is open again', () => successor.pid !== undefined)
    let text = ''
    const hello = `${JSON.stringify({ listenerId: 'listener', clientAddress: '127.0.0.1', clientPort: 1 })}\n`
    const knock = (): void => {
      const socket = connect({ path: doors.doorOf('gw-c') })
      socket.on('error', () => undefined)
      socket.on('data', (bytes: Buffer) => (text += String(bytes)))
      socket.write(`${hello}GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    }
    await until('the successor serves', () => {
      knock()
      return text.includes('200 OK')
    })
    isRunning = false
    await Promise.all(clients)
    assert.deepEqual(failures, [])
    await doors.open()
  })

  test('a client that the security groups do not allow is cut off without an answer', async () => {
    for (const id of gateways) await configureGateway(id, ['10.0.0.0/8'])
    doors.set('/edge/configuration', siteConfiguration([siteName], gateways))
    await until('the gateways have it', () =>
      gateways.every((id) => (doors.reports.get(id)?.generation ?? 0) >= generation - 2),
    )
    let answer = 'none yet'
    await until('the client is refused', () => {
      void get().then((text) => (answer = text))
      return answer === ''
    })
  })

  test('with the site port taken by its own ghost the edge listens as soon as it is free', async () => {
    const port = await freePort()
    const blocker = await startBackend(answering(''), port)
    doors.edge({ port: ports.port, sitePort: port })
    await blocker.close()
    let status: number | undefined
    await until('the edge answers', () => {
      void ask(port).then((text) => ([status] = statusesOf(text)))
      return status === 404
    })
  })
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import type { DataPlane } from '../../balance/data-plane.ts'
import { exchangeBytes, until, type BackendScript } from './data-plane-fixture.ts'
import { onStage } from './data-plane-stage.ts'

type Create = (gatewayId: string) => DataPlane

const options = { protocol: 'tcp' } as const

/** Says its name and gives back what it is sent. */
function echoing(name: string): BackendScript {
  const greeted = new WeakSet()
  return (socket, text) => {
    if (greeted.has(socket)) return
    greeted.add(socket)
    socket.write(`${name} ${text}`)
    socket.on('data', (bytes) => socket.write(bytes))
  }
}

/** What every data plane must do with connections that it does not read. */
export function dataPlaneTcpSuite(name: string, create: Create): void {
  describe(`${name} with TCP listeners`, () => {
    test('bytes go both ways as they are, and each way ends by itself', async () => {
      await onStage(
        create,
        [echoing('a')],
        async ({ port, backends, plane }) => {
          const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
          const bytes = Buffer.from(Array.from({ length: 256 }, (_, code) => code))
          socket.end(bytes)
          const parts: Buffer[] = []
          for await (const part of socket) parts.push(part as Buffer)
          assert.deepEqual(backends[0]?.received, bytes.toString('latin1'))
          assert.match(Buffer.concat(parts).toString('latin1'), /^a /)
          await until('nothing is under way', () => inFlight(plane) === 0)
        },
        options,
      )
    })

    test('connections take turns; one that refuses is passed over', async () => {
      const hello = (port: number): Promise<string> =>
        exchangeBytes(port, 'hello', (text) => text.includes('hello'))
      await onStage(
        create,
        ['a', 'b'].map(echoing),
        async ({ port, backends }) => {
          const names = new Set([(await hello(port))[0], (await hello(port))[0]])
          assert.deepEqual(names, new Set(['a', 'b']))
          await backends[0]?.close()
          for (let i = 0; i < 4; i++) assert.equal(await hello(port), 'b hello')
        },
        options,
      )
    })
    endings(create)
  })
}

function endings(create: Create): void {
  test('a client is cut off when no target takes it, or its target is gone', async () => {
    await onStage(
      create,
      [echoing('a')],
      async ({ port, backends, apply }) => {
        const socket = connect({ port, host: '127.0.0.1' })
        socket.write('x')
        await once(socket, 'data')
        socket.on('error', () => undefined)
        const isCut = new Promise((resolve) => socket.once('close', resolve))
        await apply({ backends: [{ port: backends[0]?.port ?? 0, state: 'gone' }] })
        await isCut
        await apply({ backends: [] })
        assert.equal(await exchangeBytes(port, 'x'), '')
      },
      options,
    )
  })

  test('what stands with a draining target goes on, and counts as under way', async () => {
    await onStage(
      create,
      ['a', 'b'].map(echoing),
      async ({ plane, port, backends, apply }) => {
        const socket = connect({ port, host: '127.0.0.1' })
        socket.write('x')
        const [greeting] = (await once(socket, 'data')) as [Buffer]
        const own = 'ab'.indexOf(String(greeting)[0] ?? '')
        await apply({
          backends: backends.map((backend, index) => ({
            port: backend.port,
            state: index === own ? 'draining' : 'active',
          })),
        })
        await until('one is under way', () => inFlight(plane) === 1)
        socket.write('still')
        const [answer] = (await once(socket, 'data')) as [Buffer]
        assert.equal(String(answer), 'still')
        socket.end()
        await until('nothing is under way', () => inFlight(plane) === 0)
      },
      options,
    )
  })
}

function inFlight(plane: DataPlane): number {
  return plane.report().targets.reduce((sum, target) => sum + target.requestsInFlight, 0)
}

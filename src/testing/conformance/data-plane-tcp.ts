import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { DataPlane } from '../../balance/data-plane.ts'
import { exchangeBytes, until, type BackendScript } from './data-plane-fixture.ts'
import { onStage, strictPlane, type PlaneTraits } from './data-plane-stage.ts'

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
export function dataPlaneTcpSuite(name: string, create: Create, traits = strictPlane): void {
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
    test('what a client says before a target is joined to it is not lost', async () => {
      await onStage(
        create,
        [echoing('a')],
        async ({ plane }) => {
          for (let i = 0; i < 50; i++) assert.equal(await sayThroughDoor(plane), 'a hello')
        },
        options,
      )
    })
    endings(create)
    settings(create, traits)
  })
}

/** As the edge's door gives a connection over: its first line was read, and more comes at once. */
async function sayThroughDoor(plane: DataPlane): Promise<string> {
  const door = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(door, 'listening')
  const { port } = door.address() as AddressInfo
  const client = connect({ port, host: '127.0.0.1' })
  client.write('greeting')
  const [socket] = (await once(door, 'connection')) as [Socket]
  await once(socket, 'data')
  const hello = { listenerId: 'listener', clientAddress: '127.0.0.1', clientPort: 1 }
  client.write('hello')
  plane.accept(socket, hello, Buffer.alloc(0))
  const answer = await Promise.race([
    once(client, 'data'),
    setTimeout(2000, ['nothing'], { ref: false }),
  ])
  client.destroy()
  door.close()
  return String(answer[0])
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

/** What network balancers' groups may ask for. */
function settings(create: Create, { isStrict }: PlaneTraits): void {
  for (const endsConnections of [undefined, true] as const) {
    // HAProxy's places for targets are few, and are given to others.
    if (!isStrict && endsConnections === undefined) continue
    const does = endsConnections === true ? 'ends, where that is asked for' : 'goes on'
    test(`a connection whose target has left ${does}`, async () => {
      const connections = { ...(endsConnections && { endsConnections }) }
      await onStage(
        create,
        [echoing('a')],
        async ({ port, apply }) => {
          const socket = connect({ port, host: '127.0.0.1' })
          socket.on('error', () => undefined)
          const isCut = new Promise((resolve) => socket.once('close', () => resolve('cut')))
          socket.write('x')
          await once(socket, 'data')
          await apply({ backends: [] })
          socket.write('still')
          const heard = once(socket, 'data').then(
            ([bytes]) => String(bytes),
            () => isCut,
          )
          assert.equal(await Promise.race([heard, isCut]), endsConnections ? 'cut' : 'still')
          socket.destroy()
        },
        { ...options, connections },
      )
    })
  }

  test('a client’s address keeps its target, and has another one while that is out', async () => {
    const hello = async (port: number): Promise<string | undefined> =>
      (await exchangeBytes(port, 'hello', (text) => text.includes('hello')))[0]
    await onStage(
      create,
      ['a', 'b', 'c'].map(echoing),
      async ({ port, backends }) => {
        const own = (await hello(port)) ?? ''
        for (let i = 0; i < 6; i++) assert.equal(await hello(port), own)
        await backends['abc'.indexOf(own)]?.close()
        const other = await hello(port)
        assert.notEqual(other, own)
        for (let i = 0; i < 6; i++) assert.equal(await hello(port), other)
      },
      { ...options, connections: { isSourceSticky: true } },
    )
  })
}

function inFlight(plane: DataPlane): number {
  return plane.report().targets.reduce((sum, target) => sum + target.requestsInFlight, 0)
}

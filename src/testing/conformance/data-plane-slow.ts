import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { ask, answering, statusesOf, until, type BackendScript } from './data-plane-fixture.ts'
import { onStage, type Create } from './data-plane-stage.ts'

const idleMilliseconds = 700
const idle = { idleTimeoutSeconds: idleMilliseconds / 1000 }
const slowHeads = 60
/** More than all kernel buffers on the way hold together, and far less than what is sent. */
const heldBytesMax = 32 * 1024 * 1024
const sentBytes = 96 * 1024 * 1024
const post = (length: number): string =>
  `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`

/** Answers once the body of a POST is whole. */
const answeringBody =
  (length: number): BackendScript =>
  (socket, text) => {
    const end = text.indexOf('\r\n\r\n')
    if (end < 0 || text.length - end - 4 < length) return
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  }

interface Slow {
  readonly socket: Socket
  /** What came back so far. */
  text: string
  isOver: boolean
}

/** A client that decides itself what it sends, and when it has said all. */
function slowClient(port: number): Slow {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const slow: Slow = { socket, text: '', isOver: false }
  socket.on('data', (bytes: Buffer) => (slow.text += bytes.toString('latin1')))
  socket.on('end', () => (slow.isOver = true))
  socket.on('error', () => (slow.isOver = true))
  socket.on('close', () => (slow.isOver = true))
  return slow
}

/** Writes pieces with pauses, until there are none or the far end has had enough. */
async function trickle({ socket }: Slow, pieces: Iterable<string>, pause: number): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed || socket.writableEnded) return
    socket.write(piece)
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

function* endlessHead(): Generator<string> {
  yield 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '
  for (let n = 0; n < 200; n++) yield 'y'
}

/** Clients that are slow, stop in the middle, or do not take what they asked for: each is bounded, and none is in another's way. */
export function dataPlaneSlowSuite(name: string, create: Create): void {
  slowSenders(name, create)
  whatNobodyReads(name, create)
  halfClosed(name, create)
}

function slowSenders(name: string, create: Create): void {
  test(`${name}: heads that trickle are answered 408 and cut, while others are served`, async () => {
    await onStage(
      create,
      [answering('ok')],
      async ({ port, backends }) => {
        const slow = Array.from({ length: slowHeads }, () => slowClient(port))
        const trickles = slow.map((one) => trickle(one, endlessHead(), 50))
        const besides = await Promise.all(Array.from({ length: 20 }, () => ask(port)))
        assert.ok(besides.every((text) => text.startsWith('HTTP/1.1 200')))
        const asked = backends[0]?.received ?? ''
        await until('all of them are cut', () => slow.every(({ isOver }) => isOver))
        assert.deepEqual(new Set(slow.flatMap(({ text }) => statusesOf(text))), new Set([408]))
        assert.equal(backends[0]?.received, asked)
        for (const { socket } of slow) socket.destroy()
        await Promise.all(trickles)
      },
      idle,
    )
  })

  test(`${name}: a body may take longer than a client may be silent, and one that stops is given up`, async () => {
    const length = 20
    await onStage(
      create,
      [answeringBody(length)],
      async ({ port, backends: [backend] }) => {
        const steady = slowClient(port)
        await trickle(
          steady,
          [post(length), ...Array.from({ length }, () => 'x')],
          (idleMilliseconds * 3) / length,
        )
        await until('it is answered', () => steady.text.endsWith('ok'))
        assert.deepEqual(statusesOf(steady.text), [200])
        steady.socket.destroy()
        const stopped = slowClient(port)
        stopped.socket.write(`${post(length)}x`)
        await until('it is cut', () => stopped.isOver)
        assert.doesNotMatch(stopped.text, / 200 /)
        stopped.socket.destroy()
        await until('its target is let go', () => (backend?.sockets.size ?? 0) <= 1)
      },
      idle,
    )
  })
}

function whatNobodyReads(name: string, create: Create): void {
  test(`${name}: what a target does not read is not taken from the client`, async () => {
    const deaf: BackendScript = (socket) => void socket.pause()
    await onStage(create, [deaf], async ({ port }) => {
      const client = slowClient(port)
      client.socket.write(post(sentBytes))
      const poured = pour(client.socket, sentBytes)
      await standsStill(() => poured.bytes)
      assert.ok(poured.bytes < heldBytesMax, `${poured.bytes} bytes were taken`)
      client.socket.destroy()
    })
  })

  test(`${name}: what a client does not read is not taken from the target, and the client is cut`, async () => {
    let poured = { bytes: 0 }
    const generous: BackendScript = (socket, text) => {
      if (!text.endsWith('\r\n\r\n')) return
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${sentBytes}\r\n\r\n`)
      poured = pour(socket, sentBytes)
    }
    await onStage(
      create,
      [generous],
      async ({ port, backends: [backend] }) => {
        const client = slowClient(port)
        client.socket.pause()
        client.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
        await until('the target answers', () => poured.bytes > 0)
        await until('the target is let go', () => backend?.sockets.size === 0)
        assert.ok(poured.bytes < heldBytesMax, `${poured.bytes} bytes were taken`)
        client.socket.resume()
        await until('the client is cut', () => client.isOver)
        client.socket.destroy()
      },
      idle,
    )
  })
}

function halfClosed(name: string, create: Create): void {
  test(`${name}: who has said all and asked is answered, who has not asked is closed`, async () => {
    await onStage(create, [answering('ok')], async ({ port, backends }) => {
      const asked = slowClient(port)
      asked.socket.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await until('it is answered and closed', () => asked.isOver)
      assert.match(asked.text, /^HTTP\/1\.1 200 [^]*ok$/)
      const known = backends[0]?.received
      for (const words of ['', 'GET / HTTP/1.1\r\nHo', `${post(10)}xxx`]) {
        const half = slowClient(port)
        half.socket.end(words)
        await until(`it is closed after "${words.slice(0, 20)}"`, () => half.isOver)
        assert.doesNotMatch(half.text, / 200 /)
      }
      assert.ok((backends[0]?.received ?? '').startsWith(known ?? ''))
      const healthy = await ask(port)
      assert.match(healthy, /^HTTP\/1\.1 200 /)
    })
  })
}

/** Writes so many bytes, piece by piece, and counts what the far end took. */
function pour(socket: Socket, bytes: number): { bytes: number } {
  const piece = Buffer.alloc(256 * 1024, 'x')
  const poured = { bytes: 0 }
  const next = (): void => {
    if (poured.bytes >= bytes || socket.destroyed) return
    socket.write(piece, (error) => {
      if (error) return
      poured.bytes += piece.length
      next()
    })
  }
  next()
  return poured
}

/** Resolves when a number has been the same for a while. */
async function standsStill(read: () => number): Promise<void> {
  let last = -1
  let same = 0
  await until('nothing moves any more', () => {
    same = read() === last ? same + 1 : 0
    last = read()
    return same > 100
  })
}

import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { DataPlane } from '../drivers/node-proxy/index.ts'
import type { Log } from '../kernel/ports.ts'
import { gatewayPing, type GatewayHello } from '../protocol/gateway.ts'
import { answerPings } from './answer-pings.ts'

/** A hello is a short line; whoever sends more is not an edge. */
const helloBytesMax = 1024
const helloMilliseconds = 5000

/** The gateway's door for the edge: a connection opens with a hello line, then speaks as a client of that listener. */
export function openDoor(path: string, plane: DataPlane, log: Log): Server {
  rmSync(path, { force: true })
  const server = createServer({ allowHalfOpen: true }, (socket) => awaitHello(socket, plane))
  server.on('error', (error) => log.write('error', 'the door failed', { reason: error.message }))
  server.listen({ path, backlog: 4096 })
  return server
}

function awaitHello(socket: Socket, plane: DataPlane): void {
  let received = Buffer.alloc(0)
  const timer = setTimeout(() => socket.destroy(), helloMilliseconds)
  const refuse = (): void => {
    clearTimeout(timer)
    socket.destroy()
  }
  const onBytes = (bytes: Buffer): void => {
    received = Buffer.concat([received, bytes])
    const end = received.indexOf(0x0a)
    if (end < 0 && received.length <= helloBytesMax) return
    clearTimeout(timer)
    socket.off('data', onBytes).off('error', refuse).off('end', refuse)
    const line = received.toString('utf8', 0, Math.max(end, 0))
    if (line === gatewayPing) return answerPings(socket, received.toString().split('\n').length - 1)
    const hello = end < 0 ? undefined : readHello(line)
    if (hello === undefined) socket.destroy()
    else plane.accept(socket, hello, received.subarray(end + 1))
  }
  socket.on('data', onBytes).on('error', refuse).on('end', refuse)
}

function readHello(line: string): GatewayHello | undefined {
  try {
    const hello = JSON.parse(line) as GatewayHello
    return typeof hello.listenerId === 'string' ? hello : undefined
  } catch {
    return undefined
  }
}

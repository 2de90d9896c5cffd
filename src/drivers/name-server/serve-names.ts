import type { Socket as DatagramSocket } from 'node:dgram'
import type { Server, Socket } from 'node:net'
import { answerQuery } from './message.ts'
import type { NameTable } from './name-table.ts'

/** A name server's client over TCP has so long in all between two questions. */
const idleMilliseconds = 10_000
const connectionsMax = 100

const pick = (count: number): number => Math.floor(Math.random() * count)

/** Answers datagrams from then on; `table` is asked for at each. */
export function serveUdpNames(socket: DatagramSocket, table: () => NameTable): void {
  socket.on('message', (query, peer) => {
    const answer = answerQuery(query, table(), { isDatagram: true, pick })
    // A client that is gone by now costs nothing.
    if (answer) socket.send(answer, peer.port, peer.address, () => undefined)
  })
  // What a gone client's port answers arrives here as an error.
  socket.on('error', () => undefined)
}

/** Answers over TCP: messages with their length before them, one after the other. */
export function serveTcpNames(server: Server, table: () => NameTable): void {
  server.maxConnections = connectionsMax
  server.on('connection', (socket) => answerOn(socket, table))
  server.on('error', () => undefined)
}

function answerOn(socket: Socket, table: () => NameTable): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.setTimeout(idleMilliseconds, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('data', (part) => {
    rest = Buffer.concat([rest, part])
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const length = rest.readUInt16BE(0)
      const query = rest.subarray(2, 2 + length)
      rest = rest.subarray(2 + length)
      const answer = answerQuery(query, table(), { isDatagram: false, pick })
      if (!answer) return void socket.destroy()
      const size = Buffer.alloc(2)
      size.writeUInt16BE(answer.length)
      socket.write(Buffer.concat([size, answer]))
    }
  })
}

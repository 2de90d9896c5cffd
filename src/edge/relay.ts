import { connect, type Socket } from 'node:net'

/** Joins a connection from inside a VPC to the AWS endpoint on the host's loopback. */
export function relayToEndpoint(socket: Socket, port: number): void {
  const endpoint = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true })
  socket.pipe(endpoint)
  endpoint.pipe(socket)
  for (const [one, other] of [
    [socket, endpoint],
    [endpoint, socket],
  ] as const) {
    one.on('error', () => one.destroy())
    one.on('close', () => other.destroy())
  }
}

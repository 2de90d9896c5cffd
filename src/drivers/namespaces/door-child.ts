import { connect, createServer } from 'node:net'

/** Runs inside a VPC's network namespace: opens the socket it is asked for, hands it to its parent and ends. */
const { kind, address, port } = JSON.parse(process.argv[2] ?? '{}') as {
  kind: 'listen' | 'connect'
  address: string
  port: number
}

const finish = (): void => process.exit(0)

function fail(error: Error): void {
  process.stderr.write(error.message)
  process.exit(1)
}

if (kind === 'listen') {
  const server = createServer()
  server.once('error', fail)
  server.listen(port, address, () => process.send?.('open', server, undefined, finish))
} else {
  const socket = connect({ host: address, port })
  socket.once('error', fail)
  socket.once('connect', () => process.send?.('open', socket, { keepOpen: false }, finish))
}

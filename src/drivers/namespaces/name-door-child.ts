import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type { Socket as DatagramSocket } from 'node:dgram'

/** Runs inside a VPC's network namespace: opens a name server's sockets, hands them to its parent and ends. */
const { addresses } = JSON.parse(process.argv[2] ?? '{}') as { addresses: readonly string[] }

const namePort = 53

function hand(handle: Server | DatagramSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.('open', handle, undefined, (error) => (error ? reject(error) : resolve()))
  })
}

try {
  for (const address of addresses) {
    const server = createServer().listen(namePort, address)
    await once(server, 'listening')
    await hand(server)
    const socket = createSocket('udp4').bind(namePort, address)
    await once(socket, 'listening')
    await hand(socket)
  }
  process.exit(0)
} catch (error) {
  process.stderr.write(String(error))
  process.exit(1)
}

import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A connection to a broker that may still be starting. */
export async function connected(port: number): Promise<Socket> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await new Promise((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true })
        socket.once('connect', () => resolve(socket))
        socket.once('error', reject)
      })
    } catch (thrown) {
      if (attempt > 400) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

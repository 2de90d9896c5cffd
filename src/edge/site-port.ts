import { createServer, type Server } from 'node:net'
import { ClientConnection, plainAddress } from '../drivers/node-proxy/index.ts'
import type { Log } from '../kernel/ports.ts'
import type { SiteRouter } from './site-router.ts'

/** A former edge may still be dying with the port in its hands. */
const rebindMilliseconds = 20
const backlog = 4096

/** Listens for browsers on one loopback address; tries again while the port is taken. */
export function openSitePort(host: string, port: number, router: SiteRouter, log: Log): Server {
  let isTold = false
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const client = {
      address: plainAddress(socket.remoteAddress ?? ''),
      port: socket.remotePort ?? 0,
    }
    new ClientConnection(socket, client, router, () => undefined)
  })
  const listen = (): void => void server.listen({ host, port, backlog })
  server.on('error', (error: NodeJS.ErrnoException) => {
    // A machine without IPv6 has no ::1, and never will.
    if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return
    if (!isTold) log.write('warn', 'the site port is taken', { host, port, reason: error.message })
    isTold = true
    setTimeout(listen, rebindMilliseconds)
  })
  listen()
  return server
}

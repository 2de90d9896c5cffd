import { createServer, type Server, type Socket } from 'node:net'
import { ClientConnection, plainAddress } from '../drivers/node-proxy/index.ts'
import type { Log } from '../kernel/ports.ts'
import type { SecuredSites } from './secured-sites.ts'
import { handshakeRecord } from './server-name.ts'
import type { SiteRouter } from './site-router.ts'

/** A former edge may still be dying with the port in its hands. */
const rebindMilliseconds = 20
const backlog = 4096

export interface SitePortOptions {
  readonly router: SiteRouter
  readonly secured: SecuredSites
  readonly log: Log
}

/** Listens for browsers on one loopback address, over HTTP and HTTPS; tries again while the port is taken. */
export function openSitePort(host: string, port: number, options: SitePortOptions): Server {
  const { log } = options
  let isTold = false
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    accept(socket, options),
  )
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

/** The first byte tells TLS from HTTP. */
function accept(socket: Socket, { router, secured }: SitePortOptions): void {
  const drop = (): void => void socket.destroy()
  socket.setTimeout(router.idleMilliseconds, drop)
  socket.on('error', drop).on('end', drop)
  socket.once('data', (bytes: Buffer) => {
    socket.off('error', drop).off('end', drop).off('timeout', drop)
    if (bytes[0] === handshakeRecord) {
      socket.setTimeout(0)
      secured.accept(socket, bytes)
      return
    }
    const client = {
      address: plainAddress(socket.remoteAddress ?? ''),
      port: socket.remotePort ?? 0,
    }
    new ClientConnection(socket, client, router, () => undefined).take(bytes)
  })
}

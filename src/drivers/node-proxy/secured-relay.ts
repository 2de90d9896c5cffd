import type { TLSSocket } from 'node:tls'
import type { KeptConnection } from './stream-connection.ts'
import type { TcpRelay } from './tcp-relay.ts'

/** A handshake that takes longer is not waited for. */
const handshakeMilliseconds = 60_000

/** A connection of a TLS listener: joined to a target once its handshake is over, so that no target waits for one. */
export class SecuredRelay implements KeptConnection {
  private readonly socket: TLSSocket
  private inner: TcpRelay | undefined

  constructor(
    socket: TLSSocket,
    options: {
      begin(onGone: () => void): TcpRelay
      onGone(connection: KeptConnection): void
    },
  ) {
    this.socket = socket
    const timer = setTimeout(() => socket.destroy(), handshakeMilliseconds)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      clearTimeout(timer)
      if (this.inner === undefined) options.onGone(this)
    })
    socket.once('secure', () => {
      clearTimeout(timer)
      this.inner = options.begin(() => options.onGone(this))
    })
  }

  /** Read and written so far. */
  get bytes(): number {
    return this.socket.bytesRead + this.socket.bytesWritten
  }

  drain(): void {
    if (this.inner === undefined) this.socket.destroy()
    else this.inner.drain()
  }

  destroy(): void {
    if (this.inner === undefined) this.socket.destroy()
    else this.inner.destroy()
  }
}

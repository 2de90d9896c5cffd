import type { TLSSocket } from 'node:tls'

interface Ending {
  drain(): void
  destroy(): void
}

/** A TLS connection: what it becomes is known once its handshake is over, which is not waited for without end. */
export class HandshakingConnection<Inner extends Ending> {
  private readonly socket: TLSSocket
  private inner: Inner | undefined

  constructor(
    socket: TLSSocket,
    options: {
      readonly handshakeMilliseconds: number
      begin(): Inner
      /** The socket has closed; without `inner`, before its handshake was over. */
      onClose(inner: Inner | undefined): void
    },
  ) {
    this.socket = socket
    const timer = setTimeout(() => socket.destroy(), options.handshakeMilliseconds)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      clearTimeout(timer)
      options.onClose(this.inner)
    })
    socket.once('secure', () => {
      clearTimeout(timer)
      this.inner = options.begin()
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

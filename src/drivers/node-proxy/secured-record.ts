import type { TLSSocket } from 'node:tls'
import { certificateShownTo, type AccessLog } from './access-record.ts'
import { alertOf, networkLine } from './network-line.ts'
import type { Client } from './route.ts'

/** What is learned of one connection of a Network Load Balancer's TLS listener, from its first byte: a handshake that fails is told of, too. */
export class SecuredRecord {
  private received = 0
  private sent = 0
  private readonly log: AccessLog
  private readonly client: Client
  private readonly socket: TLSSocket
  private readonly createdAt = Date.now()
  private readonly begunAt = performance.now()
  private handshakeMilliseconds: number | undefined
  private cipher: string | undefined
  private protocol: string | undefined
  private alert: number | undefined

  constructor(log: AccessLog, client: Client, socket: TLSSocket) {
    this.log = log
    this.client = client
    this.socket = socket
    socket
      .once('secure', () => this.secured())
      .on('error', (error: NodeJS.ErrnoException) => {
        this.alert ??= alertOf(error.code)
      })
      .once('close', () => this.write())
  }

  private secured(): void {
    this.handshakeMilliseconds = performance.now() - this.begunAt
    // A connection that has ended tells nothing any more.
    this.cipher = this.socket.getCipher()?.name
    this.protocol = this.socket.getProtocol() ?? undefined
  }

  take(bytes: number): void {
    this.received += bytes
  }

  relayed(bytes: number): void {
    this.sent += bytes
  }

  /** Which target a connection went to is not told. */
  dispatched(): void {}

  /** The line is written when the connection is closed. */
  end(): void {}

  private write(): void {
    const { listener, sink } = this.log
    const { handshakeMilliseconds, alert, cipher, protocol } = this
    const { servername } = this.socket
    const name = typeof servername === 'string' ? servername : undefined
    const isShown = (handshakeMilliseconds ?? alert ?? name) !== undefined
    const line = networkLine(listener, {
      client: this.client,
      createdAt: this.createdAt,
      endedAt: Date.now(),
      ...(handshakeMilliseconds !== undefined && { handshakeMilliseconds }),
      ...{ received: this.received, sent: this.sent },
      ...(alert !== undefined && { alert }),
      ...(isShown && { certificate: certificateShownTo(name, listener) }),
      ...(cipher !== undefined && { cipher }),
      ...(protocol !== undefined && { protocol }),
      ...(name !== undefined && { name }),
    })
    sink.write(listener, line)
  }
}

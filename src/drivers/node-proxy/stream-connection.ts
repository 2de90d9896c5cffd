import {
  constants,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { ClientConnection } from './client-connection.ts'
import { HandshakingConnection } from './handshaking-connection.ts'
import { classificationOf } from './desync.ts'
import { headBytesMax, headerCountMax } from './header-lines.ts'
import { errorPage } from './local-response.ts'
import type { Client, Router } from './route.ts'
import { respondLocally, StreamClient } from './stream-client.ts'
import { readStreamHead } from './stream-head.ts'
import { StreamRelay } from './stream-relay.ts'

/** ALB's own number of requests at a time on one connection. */
const streamsMax = 128
/** A handshake, or a first request, that takes longer is not waited for. */
const beginMillisecondsMax = 60_000

/** What a listener keeps of each connection. */
export interface KeptConnection {
  /** Read and written so far. */
  readonly bytes: number
  /** No further request is read; those under way finish. */
  drain(): void
  destroy(): void
}

/** A TLS connection, whose handshake tells which HTTP follows. */
export class NegotiatedConnection extends HandshakingConnection<
  StreamConnection | ClientConnection
> {
  constructor(
    socket: TLSSocket,
    client: Client,
    router: Router,
    onGone: (connection: KeptConnection) => void,
  ) {
    let isGone = false
    const gone = (): void => {
      if (!isGone) onGone(this)
      isGone = true
    }
    super(socket, {
      handshakeMilliseconds: Math.min(router.idleMilliseconds, beginMillisecondsMax),
      begin() {
        if (socket.alpnProtocol === 'h2') return new StreamConnection(socket, client, router)
        const connection = new ClientConnection(socket, client, router, gone)
        connection.expectHead()
        return connection
      },
      onClose(inner) {
        if (!(inner instanceof ClientConnection)) gone()
      },
    })
  }
}

/** One client's HTTP/2 connection: each stream is one request, on its own. */
class StreamConnection implements KeptConnection {
  private readonly session: ServerHttp2Session
  private readonly socket: TLSSocket
  private readonly client: Client
  private readonly router: Router
  private readonly openedAt = Date.now()
  private streams = 0
  private idleTimer: NodeJS.Timeout | undefined

  constructor(socket: TLSSocket, client: Client, router: Router) {
    this.socket = socket
    this.client = client
    this.router = router
    // Only a server of the library's own tells a socket that its handshake is over; a session waits for that.
    Object.assign(socket, { secureConnecting: false })
    this.session = performServerHandshake(socket, {
      settings: {
        maxConcurrentStreams: streamsMax,
        maxHeaderListSize: headBytesMax,
        enablePush: false,
      },
      maxHeaderListPairs: headerCountMax + 8,
      maxSessionMemory: 10,
      strictSingleValueFields: false,
    })
    this.session
      .on('stream', (stream, _headers, flags, rawHeaders) =>
        this.begin(stream, { flags, rawHeaders }),
      )
      .on('error', () => this.session.destroy())
    // Who says no more cannot even take what we send: windows would stay closed.
    socket.once('end', () => this.session.destroy())
    this.session.on('close', () => clearTimeout(this.idleTimer))
    this.rest()
  }

  get bytes(): number {
    return this.socket.bytesRead + this.socket.bytesWritten
  }

  private begin(
    stream: ServerHttp2Stream,
    { flags, rawHeaders }: { flags: number; rawHeaders: string[] },
  ): void {
    this.streams++
    clearTimeout(this.idleTimer)
    stream.on('error', () => undefined).once('close', () => this.end())
    const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
    const head = readStreamHead(rawHeaders, isWhole)
    const { router } = this
    const bytes = rawHeaders.reduce((sum, text) => sum + text.length + 2, 0)
    const record = router.newRecord?.(this.client, this.socket)
    if (record !== undefined) stream.once('close', () => record.end())
    if ('status' in head) {
      record?.reject(classificationOf(head.reason), bytes)
      respondLocally({ stream, router, record }, errorPage(head.status), 'GET')
      return
    }
    record?.begin(head, bytes)
    const route = router.route(head, this.client, record)
    const request = { stream, router, head, record }
    if (route.type === 'respond') respondLocally(request, route.response, head.method)
    else if (route.isStreamed === true) void new StreamRelay(request, route)
    else void new StreamClient(request, route)
    const { keepAliveMilliseconds } = router
    if (keepAliveMilliseconds !== undefined && Date.now() - this.openedAt > keepAliveMilliseconds) {
      this.session.close()
    }
  }

  private end(): void {
    this.streams--
    if (this.streams === 0) this.rest()
  }

  /** Without a request for so long the connection is closed: pings and half a head keep nobody. */
  private rest(): void {
    clearTimeout(this.idleTimer)
    if (this.session.destroyed) return
    this.idleTimer = setTimeout(() => {
      this.session.close()
      this.session.destroy()
    }, this.router.idleMilliseconds)
  }

  drain(): void {
    this.session.close()
  }

  destroy(): void {
    this.session.destroy()
  }
}

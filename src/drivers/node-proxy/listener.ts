import { createServer, type Server, type Socket } from 'node:net'
import type { ListenerSpec, TrafficCounts } from '../../protocol/gateway.ts'
import { ClientConnection } from './client-connection.ts'
import type { ListenerRouter } from './listener-router.ts'
import { plainAddress } from './addresses.ts'
import type { Client } from './route.ts'
import { NegotiatedConnection, type KeptConnection } from './stream-connection.ts'
import { SecuredRelay } from './secured-relay.ts'
import { TcpRelay, type RelayOptions } from './tcp-relay.ts'
import { TlsFront } from './tls-front.ts'

/** The address may appear a moment after the configuration that names it. */
const rebindMilliseconds = 100
const backlog = 4096
/** Of HTTP, the better one first. */
const bothVersions = ['h2', 'http/1.1']
const nothing = Buffer.alloc(0)
/** Of one listener at a time: far more than a node serves well, and few enough that clients who hold theirs cannot take all the descriptors of a gateway. */
const connectionsMax = 16_384

/** One listener: its socket in the VPC, and every connection to it from there or from the edge. */
export class Listener {
  readonly router: ListenerRouter
  isListening = false
  private readonly connections = new Set<KeptConnection>()
  private readonly onChange: () => void
  private readonly sharesPort: boolean
  private readonly tls = new TlsFront()
  private server: Server | undefined
  private place = ''
  private timer: NodeJS.Timeout | undefined
  private isStopped = false

  constructor(router: ListenerRouter, onChange: () => void, sharesPort = false) {
    this.sharesPort = sharesPort
    this.router = router
    this.onChange = onChange
    if (router.spec.tls !== undefined) this.tls.apply(router.spec.tls)
    this.listen()
  }

  /** Takes the new rules; moves the socket only when its place changed. */
  apply(spec: ListenerSpec): void {
    this.router.apply(spec)
    if (spec.tls !== undefined) this.tls.apply(spec.tls)
    if (placeOf(spec) === this.place) return
    void this.unlisten()
    this.listen()
  }

  accept(socket: Socket, client: Client, firstBytes: Buffer): void {
    if (this.connections.size >= connectionsMax || this.router.spec.protocol === 'udp') {
      socket.destroy()
      return
    }
    if (this.router.spec.protocol === 'tcp') {
      this.relay(socket, client, firstBytes)
      return
    }
    if (this.router.spec.protocol === 'tls') {
      this.relaySecured(socket, client, firstBytes)
      return
    }
    if (this.router.spec.protocol === 'https') {
      this.secure(socket, client, firstBytes)
      return
    }
    const connection = new ClientConnection(socket, client, this.router, (gone) =>
      this.forget(gone),
    )
    this.keep(connection)
    connection.take(firstBytes)
  }

  private secure(socket: Socket, from: Client, firstBytes: Buffer): void {
    const { router } = this
    const forget = (gone: KeptConnection): void => this.forget(gone)
    const speaksHttp2 = router.spec.speaksHttp2 === true
    const inside = this.tls.wrap(socket, firstBytes, speaksHttp2 ? bothVersions : ['http/1.1'])
    if (inside === undefined) return
    const client = { ...from, secured: inside }
    if (speaksHttp2) {
      this.keep(new NegotiatedConnection(inside, client, router, forget))
      return
    }
    const connection = new ClientConnection(inside, client, router, forget)
    this.keep(connection)
    connection.expectHead()
  }

  private relay(socket: Socket, client: Client, firstBytes: Buffer): void {
    this.keep(
      new TcpRelay(socket, firstBytes, {
        ...this.relayOptions(client),
        record: this.router.newRecord(client, socket),
        onGone: (gone) => this.forget(gone),
      }),
    )
  }

  private relayOptions(client: Client): Omit<RelayOptions, 'onGone' | 'record'> {
    const { router } = this
    return {
      choose: router.targetOfConnection(client),
      idleMilliseconds: router.idleMilliseconds,
      preamble: router.preambleFor(client),
    }
  }

  private relaySecured(socket: Socket, client: Client, firstBytes: Buffer): void {
    const inside = this.tls.wrap(socket, firstBytes)
    if (inside === undefined) return
    const { router } = this
    const known = router.newConnectionRecord(client, inside)
    const relay = new SecuredRelay(inside, {
      begin: (onGone) =>
        new TcpRelay(inside, nothing, {
          ...this.relayOptions(client),
          record: known ?? router.newRecord(client, inside),
          onGone,
        }),
      onGone: (gone) => this.forget(gone),
    })
    this.keep(relay)
  }

  private keep(connection: KeptConnection): void {
    this.router.traffic.connect()
    this.connections.add(connection)
  }

  private forget(connection: KeptConnection): void {
    this.connections.delete(connection)
    this.router.traffic.disconnect(connection.bytes)
  }

  get traffic(): readonly TrafficCounts[] {
    return this.router.traffic.report([...this.connections])
  }

  /** Stops listening; idle connections close, requests under way finish. */
  drain(): void {
    this.isStopped = true
    void this.unlisten()
    for (const connection of this.connections) connection.drain()
  }

  destroy(): Promise<void> {
    this.isStopped = true
    for (const connection of this.connections) connection.destroy()
    return this.unlisten()
  }

  private listen(): void {
    const { spec } = this.router
    this.place = placeOf(spec)
    if (spec.protocol === 'udp') {
      this.isListening = true
      return
    }
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      const address = plainAddress(socket.remoteAddress ?? '')
      this.accept(socket, { address, port: socket.remotePort ?? 0 }, Buffer.alloc(0))
    })
    this.server = server
    server.on('error', () => this.listenLater(server))
    const reusePort = this.sharesPort
    server.listen({ host: spec.address, port: spec.port, backlog, reusePort }, () => {
      this.isListening = true
      this.onChange()
    })
  }

  private listenLater(server: Server): void {
    if (this.isStopped || this.server !== server || this.isListening) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      if (!this.isStopped && this.server === server) this.listen()
    }, rebindMilliseconds)
  }

  private unlisten(): Promise<void> {
    clearTimeout(this.timer)
    const { server } = this
    this.server = undefined
    this.isListening = false
    return new Promise((resolve) => {
      if (server?.listening === true) server.close(() => resolve())
      else resolve()
    })
  }
}

function placeOf(spec: ListenerSpec): string {
  return `${spec.address}:${spec.port}`
}

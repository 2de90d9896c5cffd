import { connect, createServer, type Server, type Socket } from 'node:net'
import { plainAddress } from '../drivers/node-proxy/index.ts'
import type { Log } from '../kernel/ports.ts'
import type { GatewayDoor, GatewayHello, TcpDoorSpec } from '../protocol/edge.ts'

/** Another program may have the port for now. */
const againMilliseconds = 1000
const addresses = ['127.0.0.1', '::1']

interface OpenDoor {
  spec: TcpDoorSpec
  readonly servers: readonly Server[]
}

/** TCP listeners of balancers on the host's loopback: the same number as inside their VPC. */
export class TcpDoors {
  private readonly log: Log
  private readonly isOut: (door: GatewayDoor) => boolean
  private readonly doors = new Map<number, OpenDoor>()
  private turn = 0

  /** `isOut`: a gateway that serves nobody now. */
  constructor(isOut: (door: GatewayDoor) => boolean, log: Log) {
    this.isOut = isOut
    this.log = log
  }

  apply(specs: readonly TcpDoorSpec[]): void {
    const wanted = new Map(specs.map((spec) => [spec.port, spec]))
    for (const [port, door] of this.doors) {
      if (wanted.has(port)) continue
      this.doors.delete(port)
      for (const server of door.servers) server.close()
    }
    for (const [port, spec] of wanted) {
      const known = this.doors.get(port)
      if (known) known.spec = spec
      else this.doors.set(port, this.open(spec))
    }
  }

  private open(spec: TcpDoorSpec): OpenDoor {
    const servers = addresses.map((host) => this.listen(host, spec.port))
    return { spec, servers }
  }

  private listen(host: string, port: number): Server {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.join(socket, port, new Set()),
    )
    let isTold = false
    server.on('error', (error: NodeJS.ErrnoException) => {
      // A machine without IPv6 has no ::1, and never will.
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return
      if (!isTold) this.log.write('warn', 'a port is taken', { host, port, reason: error.message })
      isTold = true
      setTimeout(() => {
        if (this.doors.get(port)?.servers.includes(server)) server.listen({ host, port })
      }, againMilliseconds).unref()
    })
    return server.listen({ host, port })
  }

  /** A gateway that does not open has got no byte: the next one may have the connection. */
  private join(client: Socket, port: number, tried: Set<string>): void {
    const spec = this.doors.get(port)?.spec
    const door = spec && this.choose(spec, tried)
    if (!spec || !door) return void client.destroy()
    tried.add(door.socketPath)
    const gateway = connect({ path: door.socketPath, allowHalfOpen: true })
    const onRefused = (): void => this.join(client, port, tried)
    const onEarlyEnd = (): void => void gateway.destroy()
    client.once('error', onEarlyEnd)
    gateway.once('error', onRefused).once('connect', () => {
      client.off('error', onEarlyEnd)
      gateway.off('error', onRefused)
      const hello: GatewayHello = {
        listenerId: spec.listenerId,
        clientAddress: plainAddress(client.remoteAddress ?? ''),
        clientPort: client.remotePort ?? 0,
      }
      gateway.write(`${JSON.stringify(hello)}\n`)
      client.pipe(gateway)
      gateway.pipe(client)
      for (const [one, other] of [
        [client, gateway],
        [gateway, client],
      ] as const) {
        one.on('error', () => one.destroy())
        one.on('close', () => other.destroy())
      }
    })
  }

  private choose({ gateways }: TcpDoorSpec, tried: ReadonlySet<string>): GatewayDoor | undefined {
    const left = gateways.filter((door) => !tried.has(door.socketPath))
    const well = left.filter((door) => !this.isOut(door))
    const from = well.length > 0 ? well : left
    return from[this.turn++ % Math.max(1, from.length)]
  }
}

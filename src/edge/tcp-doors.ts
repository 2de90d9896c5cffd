import { createServer, type Server, type Socket } from 'node:net'
import type { Log } from '../kernel/ports.ts'
import type { GatewayDoor, TcpDoorSpec } from '../protocol/edge.ts'
import { DoorTurns, joinDoor } from './join-door.ts'

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
  private readonly turns: DoorTurns
  private readonly doors = new Map<number, OpenDoor>()

  /** `isOut`: a gateway that serves nobody now. */
  constructor(isOut: (door: GatewayDoor) => boolean, log: Log) {
    this.turns = new DoorTurns(isOut)
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
      this.join(socket, port),
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

  private join(client: Socket, port: number): void {
    const listenerId = this.doors.get(port)?.spec.listenerId
    if (listenerId === undefined) return void client.destroy()
    joinDoor(client, {
      listenerId,
      choose: (tried) => this.turns.next(this.doors.get(port)?.spec.gateways ?? [], tried),
    })
  }
}

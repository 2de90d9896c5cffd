import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import {
  nameTable,
  serveTcpNames,
  serveUdpNames,
  type NameTable,
} from '../drivers/name-server/index.ts'
import { reasonOf } from '../kernel/errors.ts'
import type { Log } from '../kernel/ports.ts'
import type { NetworkNames } from '../protocol/edge.ts'
import { allNames, namesOf } from './names-of.ts'

/** Opens a name server's sockets inside a network. */
export type OpenNames = (
  networkId: string,
  addresses: readonly string[],
) => Promise<{
  readonly datagrams: readonly Parameters<typeof serveUdpNames>[0][]
  readonly servers: readonly Parameters<typeof serveTcpNames>[0][]
}>

/** The network may be made a moment after the configuration that names it. */
const againMilliseconds = 100
const attemptsMax = 600
/** Another program may have the loopback port for now. */
const loopbackAgainMilliseconds = 1000

interface Door {
  table(): NameTable
  close(): void
}

/** Names for machines, inside every VPC that has any, and for the host on a loopback port. */
export class NameDoors {
  private readonly openNames: OpenNames | undefined
  private readonly log: Log
  private readonly doors = new Map<string, Door>()
  private hostTable = (): NameTable => nameTable({ hosts: new Map(), names: new Map(), zones: [] })

  /** Without `openNames`, where networks have no addresses of their own, the host alone is answered. */
  constructor(openNames: OpenNames | undefined, log: Log) {
    this.openNames = openNames
    this.log = log
  }

  apply(networks: readonly NetworkNames[]): void {
    this.hostTable = whenAsked(() => allNames(networks))
    if (!this.openNames) return
    const wanted = new Map(networks.map((network) => [network.networkId, network]))
    for (const [id, door] of this.doors) {
      if (wanted.has(id)) continue
      this.doors.delete(id)
      door.close()
    }
    for (const [id, network] of wanted) {
      const table = whenAsked(() => namesOf(network))
      const door = this.doors.get(id)
      if (door) door.table = table
      else void this.open(network, table, this.openNames)
    }
  }

  /** Answers on this port of the loopback address too. */
  listen(port: number): void {
    const table = (): NameTable => this.hostTable()
    let isTold = false
    const again = (open: () => void) => (error: Error) => {
      if (!isTold) this.log.write('warn', 'no names on the host', { port, reason: error.message })
      isTold = true
      setTimeout(open, loopbackAgainMilliseconds).unref()
    }
    const server = createServer()
    serveTcpNames(server, table)
    const listen = (): void => void server.listen({ host: '127.0.0.1', port })
    server.on('error', again(listen))
    listen()
    const bind = (): void => {
      const socket = createSocket('udp4')
      socket.once('error', (error) => {
        socket.close()
        again(bind)(error)
      })
      socket.bind(port, '127.0.0.1', () => {
        socket.removeAllListeners('error')
        serveUdpNames(socket, table)
      })
    }
    bind()
  }

  private async open(
    network: NetworkNames,
    table: () => NameTable,
    openNames: OpenNames,
  ): Promise<void> {
    const { networkId, resolvers } = network
    const opened: { close(): void }[] = []
    const door: Door = { table, close: () => opened.forEach((each) => each.close()) }
    this.doors.set(networkId, door)
    for (let attempt = 1; this.doors.get(networkId) === door; attempt++) {
      try {
        const { datagrams, servers } = await openNames(networkId, resolvers)
        opened.push(...datagrams, ...servers)
        for (const socket of datagrams) serveUdpNames(socket, () => door.table())
        for (const server of servers) serveTcpNames(server, () => door.table())
        if (this.doors.get(networkId) !== door) door.close()
        return
      } catch (thrown) {
        if (attempt === attemptsMax) {
          this.log.write('warn', 'no names in a network', { networkId, reason: reasonOf(thrown) })
          this.doors.delete(networkId)
          return
        }
        await new Promise((resolve) => setTimeout(resolve, againMilliseconds))
      }
    }
  }
}

/** Every launch changes the names of hundreds of machines' network, and most changes pass before anybody asks for a name. */
function whenAsked(draw: () => NameTable): () => NameTable {
  let table: NameTable | undefined
  return () => (table ??= draw())
}

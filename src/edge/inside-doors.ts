import type { Socket } from 'node:net'
import { reasonOf } from '../kernel/errors.ts'
import type { Log } from '../kernel/ports.ts'
import type { NetworkMetadata } from './kept-metadata.ts'
import { metadataAddress } from '../protocol/network.ts'
import type { MetadataService } from './metadata-service.ts'
import { relayToEndpoint } from './relay.ts'
import { RestingDoors } from './resting-doors.ts'

/** A listening socket inside a network. */
export interface InsideDoor {
  close(): void
}

/** Opens TCP sockets inside a network, all of them or none; `take` gets each connection, the port that it came to and the address that it came from. */
export type OpenInside = (
  networkId: string,
  at: { readonly address: string; readonly ports: readonly number[] },
  take: (socket: Socket, from: { readonly port: number; readonly clientAddress: string }) => void,
) => Promise<InsideDoor>

const metadataPort = 80
/** Where SDKs inside machines find the AWS endpoint: `AWS_ENDPOINT_URL=http://169.254.169.254:4566`. */
const endpointPort = 4566
/** The network may be made a moment after the configuration that names it. */
const againMilliseconds = 100
const attemptsMax = 600

/** Keeps the metadata address open in every network that has instances, or had some a moment ago. */
export class InsideDoors {
  private readonly openInside: OpenInside
  private readonly metadata: MetadataService
  private readonly endpoint: number
  private readonly log: Log
  /** By network; one that is on its way has none yet. */
  private readonly doors = new Map<string, { door?: InsideDoor }>()
  private readonly resting = new RestingDoors()
  private wanted: ReadonlySet<string> = new Set()

  constructor(options: {
    openInside: OpenInside
    metadata: MetadataService
    endpointPort: number
    log: Log
  }) {
    this.openInside = options.openInside
    this.metadata = options.metadata
    this.endpoint = options.endpointPort
    this.log = options.log
  }

  apply(networks: readonly NetworkMetadata[]): void {
    this.wanted = new Set(networks.map((network) => network.networkId))
    for (const [id, { door }] of this.doors) {
      if (this.wanted.has(id)) continue
      const close = (): void => {
        this.doors.delete(id)
        door?.close()
      }
      if (door) this.resting.leave(id, close)
      else close()
    }
    for (const id of this.wanted) {
      this.resting.keep(id)
      if (this.doors.has(id)) continue
      const place = {}
      this.doors.set(id, place)
      void this.open(id, place)
    }
  }

  private async open(networkId: string, place: { door?: InsideDoor }): Promise<void> {
    const take: Parameters<OpenInside>[2] = (socket, { port, clientAddress }) => {
      if (port === metadataPort) this.metadata.accept(socket, networkId, clientAddress)
      else relayToEndpoint(socket, this.endpoint)
    }
    const at = { address: metadataAddress, ports: [metadataPort, endpointPort] }
    for (let attempt = 1; this.doors.get(networkId) === place; attempt++) {
      try {
        const door = await this.openInside(networkId, at, take)
        if (this.doors.get(networkId) === place) place.door = door
        else door.close()
        return
      } catch (thrown) {
        const fields = { networkId, reason: reasonOf(thrown) }
        if (attempt === 1) this.log.write('warn', 'no socket inside the network yet', fields)
        if (attempt === attemptsMax) {
          // The next configuration tries again.
          this.doors.delete(networkId)
          return
        }
        await new Promise((resolve) => setTimeout(resolve, againMilliseconds))
      }
    }
  }
}

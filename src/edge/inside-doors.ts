import type { Socket } from 'node:net'
import { reasonOf } from '../kernel/errors.ts'
import type { Log } from '../kernel/ports.ts'
import type { NetworkMetadata } from './kept-metadata.ts'
import { metadataAddress } from '../protocol/network.ts'
import type { MetadataService } from './metadata-service.ts'
import { relayToEndpoint } from './relay.ts'

/** A listening socket inside a network. */
export interface InsideDoor {
  close(): void
}

/** Opens a TCP socket inside a network; `take` gets each connection and the address that it came from. */
export type OpenInside = (
  networkId: string,
  at: { readonly address: string; readonly port: number },
  take: (socket: Socket, clientAddress: string) => void,
) => Promise<InsideDoor>

const metadataPort = 80
/** Where SDKs inside machines find the AWS endpoint: `AWS_ENDPOINT_URL=http://169.254.169.254:4566`. */
const endpointPort = 4566
/** The network may be made a moment after the configuration that names it. */
const againMilliseconds = 100
const attemptsMax = 600

/** Keeps the metadata address open in every network that has instances. */
export class InsideDoors {
  private readonly openInside: OpenInside
  private readonly metadata: MetadataService
  private readonly endpoint: number
  private readonly log: Log
  private readonly doors = new Map<string, InsideDoor[]>()
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
    for (const [id, doors] of this.doors) {
      if (this.wanted.has(id)) continue
      this.doors.delete(id)
      for (const door of doors) door.close()
    }
    for (const id of this.wanted) {
      if (this.doors.has(id)) continue
      const doors: InsideDoor[] = []
      this.doors.set(id, doors)
      void this.open(id, metadataPort, doors)
      void this.open(id, endpointPort, doors)
    }
  }

  private async open(networkId: string, port: number, doors: InsideDoor[]): Promise<void> {
    const take = (socket: Socket, clientAddress: string): void => {
      if (port === metadataPort) this.metadata.accept(socket, networkId, clientAddress)
      else relayToEndpoint(socket, this.endpoint)
    }
    for (let attempt = 1; this.doors.get(networkId) === doors; attempt++) {
      try {
        const door = await this.openInside(networkId, { address: metadataAddress, port }, take)
        if (this.doors.get(networkId) === doors) doors.push(door)
        else door.close()
        return
      } catch (thrown) {
        const fields = { networkId, port, reason: reasonOf(thrown) }
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

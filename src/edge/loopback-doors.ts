import { createServer, type Server } from 'node:net'
import { loopbackAddress, loopbackMetadataPort } from '../drivers/process/loopback-address.ts'
import type { LoopbackRanges } from '../drivers/process/loopback-ranges.ts'
import { reasonOf } from '../kernel/errors.ts'
import type { Log } from '../kernel/ports.ts'
import type { NetworkMetadata } from './kept-metadata.ts'
import type { MetadataService } from './metadata-service.ts'

/** The range may be taken a moment after the configuration that names its network. */
const againMilliseconds = 100

interface Wanted {
  readonly networkId: string
  readonly address: string
}

/**
 * Instance metadata for machines that are plain processes. They all ask from 127.0.0.1, so that who asks is told by whom is asked: every
 * machine has a port of its own loopback address, and `AWS_EC2_METADATA_SERVICE_ENDPOINT` names it.
 */
export class LoopbackDoors {
  private readonly ranges: LoopbackRanges
  private readonly metadata: MetadataService
  private readonly log: Log
  private readonly servers = new Map<string, Server>()
  private wanted: ReadonlyMap<string, Wanted> = new Map()
  private timer: NodeJS.Timeout | undefined

  constructor(options: { ranges: LoopbackRanges; metadata: MetadataService; log: Log }) {
    this.ranges = options.ranges
    this.metadata = options.metadata
    this.log = options.log
  }

  apply(networks: readonly NetworkMetadata[]): void {
    this.wanted = new Map(
      networks.flatMap(({ networkId, instances }) =>
        instances.map(({ address }) => [`${networkId} ${address}`, { networkId, address }]),
      ),
    )
    for (const [key, server] of this.servers) {
      if (this.wanted.has(key)) continue
      this.servers.delete(key)
      server.close()
    }
    this.openAll()
  }

  close(): void {
    clearTimeout(this.timer)
    for (const server of this.servers.values()) server.close()
    this.servers.clear()
  }

  private openAll(): void {
    for (const [key, place] of this.wanted) {
      if (!this.servers.has(key)) this.open(key, place)
    }
  }

  private open(key: string, { networkId, address }: Wanted): void {
    const range = this.ranges.find(networkId)
    if (range === undefined) return this.openLater()
    const host = loopbackAddress(address, range)
    // A browser on this machine reaches us, too: a page whose name points here must not read a role's credentials.
    const onlyHost = `${host}:${loopbackMetadataPort}`
    const server = createServer((socket) => {
      this.metadata.accept(socket, networkId, address, onlyHost)
    })
    this.servers.set(key, server)
    server.on('error', (error) => {
      const fields = { networkId, host, reason: reasonOf(error) }
      this.log.write('warn', 'no metadata for an instance yet', fields)
      if (this.servers.get(key) === server) this.servers.delete(key)
      this.openLater()
    })
    server.listen(loopbackMetadataPort, host)
  }

  private openLater(): void {
    if (this.timer) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.openAll()
    }, againMilliseconds)
  }
}

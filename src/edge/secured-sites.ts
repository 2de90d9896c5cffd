import type { Socket } from 'node:net'
import type { GatewayDoor, SecuredSiteSpec } from '../protocol/edge.ts'
import { DoorTurns, joinDoor } from './join-door.ts'
import { readServerName } from './server-name.ts'

/** A greeting that trickles in is not waited for longer. */
const greetingMilliseconds = 10_000

/** HTTPS listeners behind the site port: the name that a client asks TLS for chooses the balancer, and TLS goes on to its gateway as it is. */
export class SecuredSites {
  private readonly turns: DoorTurns
  private sites: readonly SecuredSiteSpec[] = []

  /** `isOut`: a gateway that serves nobody now. */
  constructor(isOut: (door: GatewayDoor) => boolean) {
    this.turns = new DoorTurns(isOut)
  }

  apply(sites: readonly SecuredSiteSpec[]): void {
    this.sites = sites
  }

  /** Takes a connection that began with `firstBytes`, of TLS. */
  accept(client: Socket, firstBytes: Buffer): void {
    let greeting = firstBytes
    const timer = setTimeout(() => client.destroy(), greetingMilliseconds)
    const stop = (): void => {
      clearTimeout(timer)
      client.off('data', onMore).off('end', onEnd)
    }
    const onEnd = (): void => void client.destroy()
    const onMore = (bytes: Buffer): void => {
      greeting = Buffer.concat([greeting, bytes])
      look()
    }
    const look = (): void => {
      const said = readServerName(greeting)
      if (said.is === 'unfinished') return
      stop()
      client.pause()
      const site = said.is === 'read' ? this.siteOf(said.name) : undefined
      if (site === undefined) return void client.destroy()
      joinDoor(client, {
        listenerId: site.listenerId,
        firstBytes: greeting,
        choose: (tried) => this.turns.next(this.gatewaysOf(site), tried),
      })
    }
    client.on('error', () => client.destroy()).once('close', () => clearTimeout(timer))
    client.on('data', onMore).on('end', onEnd)
    look()
  }

  /** As they are now: while a door is tried they may have changed. */
  private gatewaysOf({ listenerId }: SecuredSiteSpec): readonly GatewayDoor[] {
    return this.sites.find((site) => site.listenerId === listenerId)?.gateways ?? []
  }

  /** With one balancer only, whatever name reaches it. */
  private siteOf(name: string | undefined): SecuredSiteSpec | undefined {
    const [first] = this.sites
    if (name !== undefined) {
      const wildcard = `*${name.slice(name.indexOf('.'))}`
      const found =
        this.sites.find((site) => site.names.includes(name)) ??
        this.sites.find((site) => site.names.includes(wildcard))
      if (found !== undefined) return found
    }
    return this.sites.length === 1 ? first : undefined
  }
}

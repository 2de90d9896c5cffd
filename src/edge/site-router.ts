import { connect, type OnReadOpts, type Socket } from 'node:net'
import {
  forwardHead,
  hostNameOf,
  Upstream,
  type Client,
  type LocalResponse,
  type RequestHead,
  type Route,
  type Router,
} from '../drivers/node-proxy/index.ts'
import type { GatewayDoor, GatewayHello, SiteSpec } from '../protocol/edge.ts'
import { DoorWatch } from './door-watch.ts'
import { noSitesPage, noSuchSitePage, unavailablePage } from './site-pages.ts'

/** The longest that any balancer may be told to wait; the gateway's own, shorter time comes first. */
const idleMilliseconds = 4000 * 1000
/** Doors are on this machine: they open at once or not at all. */
const connectMilliseconds = 1000
/** How long a request waits for a gateway to be there again. */
const patienceMilliseconds = 1000

const nothing: ReadonlySet<string> = new Set()
const ownNames = new Set(['127.0.0.1', 'localhost', '[::1]', ''])

/** Sends each request to a gateway of the site that its Host names. */
export class SiteRouter implements Router {
  readonly idleMilliseconds = idleMilliseconds
  readonly serverName = 'evenkeel'
  private sites: readonly SiteSpec[] = []
  private readonly byName = new Map<string, SiteSpec>()
  private readonly doors = new WeakMap<Client, Map<string, Upstream>>()
  /** By socket: the connections of all clients behind it. */
  private readonly behind = new Map<string, Set<Upstream>>()
  private readonly watch = new DoorWatch((socketPath) => this.abandon(socketPath))
  private lost: ReadonlySet<string> = new Set()
  private turn = 0

  /** `otherDoors`: gateways besides those of sites, to be looked at as well. */
  apply(sites: readonly SiteSpec[], otherDoors: readonly GatewayDoor[] = []): void {
    this.sites = sites
    const doors = [...sites.flatMap((site) => site.gateways), ...otherDoors]
    const lost = doors.filter((door) => door.isLost === true).map((door) => door.socketPath)
    this.watch.apply(new Set(doors.map((door) => door.socketPath)))
    const before = this.lost
    this.lost = new Set(lost)
    for (const path of lost) if (!before.has(path)) this.abandon(path)
    this.byName.clear()
    for (const site of sites) {
      for (const name of site.names) this.byName.set(name, site)
    }
  }

  route(head: RequestHead, client: Client): Route {
    const site = this.siteOf(hostNameOf(head.host).toLowerCase())
    if (site === undefined) return { type: 'respond', response: this.explain() }
    return {
      type: 'forward',
      // The gateway judges: what was mended is said again, so that it sees what we saw.
      head: forwardHead(head, { omitted: nothing, added: head.mendedLines ?? '' }),
      choose: (tried) => this.choose(site.balancerId, client, tried),
      patienceMilliseconds,
      unavailable: unavailablePage(site.names[0] ?? ''),
      isTransparent: true,
    }
  }

  forget(client: Client): void {
    for (const upstream of this.doors.get(client)?.values() ?? []) {
      upstream.abandon()
      const [socketPath = ''] = upstream.id.split(' ')
      const others = this.behind.get(socketPath)
      others?.delete(upstream)
      if (others?.size === 0) this.behind.delete(socketPath)
    }
    this.doors.delete(client)
  }

  /** With one balancer only, the bare port reaches it. */
  private siteOf(name: string): SiteSpec | undefined {
    const named = this.byName.get(name)
    if (named !== undefined) return named
    return this.sites.length === 1 && ownNames.has(name) ? this.sites[0] : undefined
  }

  private explain(): LocalResponse {
    if (this.sites.length === 0) return noSitesPage()
    return noSuchSitePage(this.sites.flatMap((site) => site.names.slice(0, 1)))
  }

  /** Looks the site up anew: while a request waits its gateways may have changed. */
  private choose(
    balancerId: string,
    client: Client,
    tried: ReadonlySet<Upstream>,
  ): Upstream | undefined {
    const site = this.sites.find((candidate) => candidate.balancerId === balancerId)
    if (site === undefined) return undefined
    const { gateways } = site
    const well = gateways.filter((door) => !this.isOut(door))
    return (
      this.next(well, { site, client, tried }) ??
      // With none that answers, the last word is the door's own (fail open).
      this.next(gateways, { site, client, tried })
    )
  }

  private next(
    doors: readonly GatewayDoor[],
    { site, client, tried }: { site: SiteSpec; client: Client; tried: ReadonlySet<Upstream> },
  ): Upstream | undefined {
    for (let step = 0; step < doors.length; step++) {
      const door = doors[this.turn++ % doors.length]!
      const upstream = this.upstreamOf(client, door, site.listenerId)
      if (!tried.has(upstream)) return upstream
    }
    return undefined
  }

  /** A gateway that serves nobody now. */
  isOut({ socketPath }: GatewayDoor): boolean {
    return this.lost.has(socketPath) || this.watch.isOut(socketPath)
  }

  /** What is under way behind a door that serves nobody fails now, and goes elsewhere if it may be repeated. */
  private abandon(socketPath: string): void {
    for (const upstream of Array.from(this.behind.get(socketPath) ?? [])) upstream.abandon()
  }

  /** The connections behind a door speak for one client, so they are kept for that client alone. */
  private upstreamOf(client: Client, door: GatewayDoor, listenerId: string): Upstream {
    let own = this.doors.get(client)
    if (own === undefined) {
      own = new Map()
      this.doors.set(client, own)
    }
    const key = `${door.socketPath} ${listenerId}`
    let upstream = own.get(key)
    if (upstream === undefined) {
      const hello: GatewayHello = {
        listenerId,
        clientAddress: client.address,
        clientPort: client.port,
      }
      upstream = new Upstream({
        id: key,
        connectMilliseconds,
        connect: (onread) => connectToDoor(door, hello, onread),
      })
      own.set(key, upstream)
      const others = this.behind.get(door.socketPath)
      if (others) others.add(upstream)
      else this.behind.set(door.socketPath, new Set([upstream]))
    }
    return upstream
  }
}

function connectToDoor(door: GatewayDoor, hello: GatewayHello, onread: OnReadOpts): Socket {
  const socket = connect({ path: door.socketPath, allowHalfOpen: true, onread })
  socket.write(`${JSON.stringify(hello)}\n`)
  return socket
}

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
  private turn = 0

  apply(sites: readonly SiteSpec[]): void {
    this.sites = sites
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
      head: forwardHead(head, { omitted: nothing, added: '' }),
      choose: (tried) => this.choose(site.balancerId, client, tried),
      patienceMilliseconds,
      unavailable: unavailablePage(site.names[0] ?? ''),
      isTransparent: true,
    }
  }

  forget(client: Client): void {
    for (const upstream of this.doors.get(client)?.values() ?? []) upstream.abandon()
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
    const gateways = site?.gateways ?? []
    for (let step = 0; step < gateways.length; step++) {
      const door = gateways[this.turn++ % gateways.length]!
      const upstream = this.upstreamOf(client, door, site!.listenerId)
      if (!tried.has(upstream)) return upstream
    }
    return undefined
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
    }
    return upstream
  }
}

function connectToDoor(door: GatewayDoor, hello: GatewayHello, onread: OnReadOpts): Socket {
  const socket = connect({ path: door.socketPath, allowHalfOpen: true, onread })
  socket.write(`${JSON.stringify(hello)}\n`)
  return socket
}

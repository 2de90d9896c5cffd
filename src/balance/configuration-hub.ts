import { instances } from '../compute/instance.ts'
import { certificates } from '../identity/certificates.ts'
import { serverCertificates } from '../identity/server-certificates.ts'
import { reasonOf } from '../kernel/errors.ts'
import type { Network } from '../network/interfaces.ts'
import { networkInterfaces, securityGroups, vpcs } from '../network/records.ts'
import type { EdgeConfiguration } from '../protocol/edge.ts'
import type { GatewayConfiguration } from '../protocol/gateway.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { mirroredLists, type MirroredLists } from '../store/mirrored-lists.ts'
import { logPeriodSeconds } from './plan-access-logs.ts'
import { classicBalancers, classicInstances } from './classic-records.ts'
import { drawPicture, type ScopedPicture } from './draw-picture.ts'
import { planConfiguration } from './plan-configuration.ts'
import { planNames } from './plan-names.ts'
import { planTcpDoors } from './plan-tcp-doors.ts'
import { planSecuredSites, planSites } from './plan-sites.ts'
import { balancers, gateways, listeners, rules, targetGroups, targets } from './records.ts'

/** A puller asks again after so long without news. */
const pollMilliseconds = 20_000
/** After the records could not be read. */
const againMilliseconds = 500

export interface ConfigurationHub {
  /** Holds every change that was acknowledged before the call. */
  picture(): Promise<ScopedPicture>
  gateway(
    gatewayId: string,
    after: number,
    signal: AbortSignal,
  ): Promise<GatewayConfiguration | undefined>
  edge(after: number, signal: AbortSignal): Promise<EdgeConfiguration | undefined>
  /** A machine ended, or runs: gateways are told before the records know. */
  machineChanged(machineId: string, isRunning: boolean): void
  close(): void
}

export interface HubDeps {
  readonly network: Network
  readonly runDirectory: string
  /** What gateways carry requests with; the built-in plane when absent. */
  readonly dataPlane?: 'haproxy' | undefined
  /** Between two files of an access log; as AWS when absent. */
  readonly accessLogSeconds?: number | undefined
}

interface Numbered {
  readonly content: object
  /** To see that another one is the same. */
  readonly text: string
  readonly generation: number
}

const watched = [
  balancers,
  listeners,
  rules,
  targetGroups,
  targets,
  gateways,
  instances,
  networkInterfaces,
  securityGroups,
  vpcs,
  certificates,
  serverCertificates,
  classicBalancers,
  classicInstances,
]

/** Keeps every puller's configuration current and numbered, and wakes who waits for a newer one. */
export function createConfigurationHub(context: EngineContext, deps: HubDeps): ConfigurationHub {
  return new Hub(context, deps)
}

class Hub implements ConfigurationHub {
  private readonly context: EngineContext
  private readonly deps: HubDeps
  /** Machines that ended, until the records know; likewise those that serve nobody while their zone is broken. */
  private readonly gone = new Set<string>()
  private readonly numbered = new Map<string, Numbered>()
  private readonly waiters = new Set<() => void>()
  private readonly stops: (() => void)[]
  private readonly lists: MirroredLists
  private current: ScopedPicture | undefined
  /** How many changes were heard of, and how many of them the current picture holds. */
  private changesHeard = 0
  private changesDrawn = 0
  private isClosed = false
  private refreshing: Promise<void> | undefined
  private drawing: Promise<void> | undefined

  constructor(context: EngineContext, deps: HubDeps) {
    this.context = context
    this.deps = deps
    this.lists = mirroredLists(context)
    this.stops = watched.map((kind) => context.store.watch(kind, () => this.refreshSoon()))
  }

  async picture(): Promise<ScopedPicture> {
    // Not until all is quiet: only what was written before this was asked for has to be in it.
    const changes = this.changesHeard
    while (this.current === undefined || this.changesDrawn < changes) await this.draw()
    return this.current
  }

  gateway(
    gatewayId: string,
    after: number,
    signal: AbortSignal,
  ): Promise<GatewayConfiguration | undefined> {
    return this.newer(gatewayId, after, signal)
  }

  edge(after: number, signal: AbortSignal): Promise<EdgeConfiguration | undefined> {
    return this.newer('edge', after, signal)
  }

  machineChanged(machineId: string, isRunning: boolean): void {
    if (isRunning) this.gone.delete(machineId)
    else this.gone.add(machineId)
    if (machineId.startsWith('gw-') && this.current) this.publish(this.current)
    const place = this.current?.instances.get(machineId)
    if (this.current === undefined || place === undefined) return
    if (place.isRunning === isRunning) return
    const instancesNow = new Map(this.current.instances).set(machineId, { ...place, isRunning })
    this.current = { ...this.current, instances: instancesNow }
    this.publish(this.current)
    this.refreshSoon()
  }

  close(): void {
    this.isClosed = true
    for (const stop of this.stops) stop()
    this.lists.close()
    for (const wake of this.waiters) wake()
  }

  private refresh(): Promise<void> {
    this.changesHeard++
    this.refreshing ??= this.drawUntilCurrent().finally(() => {
      this.refreshing = undefined
    })
    return this.refreshing
  }

  private refreshSoon(): void {
    this.refresh().catch(async (thrown: unknown) => {
      const fields = { reason: reasonOf(thrown) }
      this.context.log.write('warn', 'configurations are not current', fields)
      await this.context.clock.sleep(againMilliseconds)
      if (this.changesDrawn < this.changesHeard && !this.isClosed) this.refreshSoon()
    })
  }

  private async drawUntilCurrent(): Promise<void> {
    while (this.changesDrawn < this.changesHeard) await this.draw()
  }

  /** One at a time, so that an older picture never follows a newer one. */
  private draw(): Promise<void> {
    this.drawing ??= this.drawNow().finally(() => {
      this.drawing = undefined
    })
    return this.drawing
  }

  private async drawNow(): Promise<void> {
    const changes = this.changesHeard
    const { network, accessLogSeconds: logSeconds = logPeriodSeconds } = this.deps
    const isGone = (id: string): boolean => this.gone.has(id)
    const picture = await drawPicture(this.lists, network, {
      isGone,
      logSeconds,
      before: this.current,
    })
    const gatewayIds = new Set(picture.gateways.map(({ gatewayId }) => gatewayId))
    for (const id of this.gone) {
      if (!picture.instances.has(id) && !gatewayIds.has(id)) this.gone.delete(id)
    }
    this.current = picture
    this.changesDrawn = changes
    this.publish(picture)
  }

  private publish(picture: ScopedPicture): void {
    const { dataPlane } = this.deps
    for (const gateway of picture.gateways) {
      this.number(gateway.gatewayId, {
        ...planConfiguration(picture, gateway),
        ...(dataPlane === undefined ? {} : { dataPlane }),
      })
    }
    const known = new Set(['edge', ...picture.gateways.map(({ gatewayId }) => gatewayId)])
    for (const name of this.numbered.keys()) if (!known.has(name)) this.numbered.delete(name)
    const isLost = (id: string): boolean => this.gone.has(id)
    const sites = planSites(picture, this.deps.runDirectory, isLost)
    const tcpDoors = planTcpDoors(picture, this.deps.runDirectory, isLost)
    const names = planNames(picture, picture.networks, isLost)
    const securedSites = planSecuredSites(picture, this.deps.runDirectory, isLost)
    this.number('edge', { sites, securedSites, tcpDoors, names })
    for (const wake of this.waiters) wake()
  }

  /** Times number configurations, so that a server that starts anew never counts below what pullers have. */
  private number(name: string, content: object): void {
    const text = JSON.stringify(content)
    const before = this.numbered.get(name)
    if (before?.text === text) return
    const generation = Math.max((before?.generation ?? 0) + 1, this.context.clock.now())
    this.numbered.set(name, { content, text, generation })
  }

  private async newer<T>(name: string, after: number, signal: AbortSignal): Promise<T | undefined> {
    if (this.current === undefined) await this.draw()
    const { clock } = this.context
    const until = clock.now() + pollMilliseconds
    for (;;) {
      const found = this.numbered.get(name)
      // Not merely a greater number: after everything was removed and begun anew, numbers may be smaller.
      if (found !== undefined && found.generation !== after) {
        return { generation: found.generation, ...found.content } as T
      }
      if (signal.aborted || clock.now() >= until) return undefined
      await this.change(until - clock.now(), signal)
    }
  }

  private async change(milliseconds: number, signal: AbortSignal): Promise<void> {
    const ended = new AbortController()
    const wake = (): void => ended.abort()
    this.waiters.add(wake)
    signal.addEventListener('abort', wake, { once: true })
    await this.context.clock.sleep(milliseconds, ended.signal)
    signal.removeEventListener('abort', wake)
    this.waiters.delete(wake)
  }
}

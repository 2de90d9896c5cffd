import { rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { DataPlane } from '../../balance/data-plane.ts'
import { reasonOf } from '../../kernel/errors.ts'
import type { Log } from '../../kernel/ports.ts'
import { systemClock } from '../../kernel/system/clock.ts'
import type {
  GatewayConfiguration,
  GatewayHello,
  GatewayReport,
  ListenerSpec,
  TargetHealth,
} from '../../protocol/gateway.ts'
import { createNodeProxy, isAllowed, type AccessLogSink } from '../node-proxy/index.ts'
import { whyBuiltIn } from './carries.ts'
import { configurationText, filesOf } from './configuration-text.ts'
import { HaproxyProcess } from './haproxy-process.ts'
import { markOf } from './names.ts'
import { ServerStates } from './server-states.ts'

export interface HaproxyOptions {
  readonly gatewayId: string
  /** For configurations, sockets and keys; its path is short, as those of sockets must be. */
  readonly folder: string
  readonly log: Log
  /** The program; `haproxy` of the path unless given. */
  readonly program?: string
  /** Listeners whose requests are recorded stay with the built-in plane, which gives their lines to this. */
  readonly accessLog?: AccessLogSink
  /** Whether HAProxy is wanted at all; always, unless given. */
  isWanted?(configuration: GatewayConfiguration): boolean
}

/** Before an address that is not there yet is tried again. */
const againMilliseconds = 100
/** Between looks at what is under way: while something drains, and else. */
const drainingMilliseconds = 50
const periodMilliseconds = 2000

/**
 * HAProxy before the built-in plane. HAProxy carries the listeners that it can carry whole; the built-in plane carries the
 * others and checks the health of all targets, so that both planes mean the same by it.
 */
export function createHaproxyPlane(options: HaproxyOptions): DataPlane {
  return new HaproxyPlane(options)
}

class HaproxyPlane implements DataPlane {
  private readonly options: HaproxyOptions
  private readonly node: DataPlane
  private readonly states = new ServerStates()
  private configuration: GatewayConfiguration | undefined
  private applied: GatewayConfiguration | undefined
  private working: Promise<void> | undefined
  private process: HaproxyProcess | undefined
  private readonly former = new Set<HaproxyProcess>()
  /** What the running process was started with, but for its servers. */
  private structure = ''
  private carried: readonly ListenerSpec[] = []
  /** Listeners that the built-in plane leaves alone. */
  private elsewhere: ReadonlySet<string> = new Set()
  private readonly reasons = new Map<string, string>()
  private count = 0
  private listener: () => void = () => undefined
  private timer: NodeJS.Timeout | undefined
  private isClosed = false
  private syncing: Promise<void> | undefined
  private isOutOfStep = false
  private isStarting = false

  constructor(options: HaproxyOptions) {
    this.options = options
    rmSync(this.doors, { recursive: true, force: true })
    this.node = createNodeProxy(options.gatewayId, {
      isElsewhere: ({ id }) => this.elsewhere.has(id),
      sharesPorts: true,
      ...(options.accessLog && { accessLog: options.accessLog }),
    })
    this.node.onChange(() => {
      void this.syncServers()
      this.listener()
    })
    this.timer = setTimeout(() => void this.look(), periodMilliseconds)
  }

  private get doors(): string {
    return join(this.options.folder, 'haproxy')
  }

  async apply(configuration: GatewayConfiguration): Promise<void> {
    if (this.isClosed || configuration.generation < (this.configuration?.generation ?? -1)) return
    this.configuration = configuration
    this.working ??= this.carryOut().finally(() => {
      this.working = undefined
    })
    await this.working
  }

  private async carryOut(): Promise<void> {
    while (this.configuration !== this.applied && !this.isClosed) {
      const configuration = this.configuration
      if (configuration === undefined) return
      const isWanted = this.options.isWanted?.(configuration) ?? true
      const all = isWanted ? configuration.listeners : []
      const carried = all.filter((one) => this.isCarried(one, configuration))
      const wanted = new Set(carried.map(({ id }) => id))
      const listening = new Set(this.node.report().listening)
      // Whoever takes a listener over opens it before the other one closes it.
      this.elsewhere = new Set([...wanted].filter((id) => !listening.has(id)))
      await this.node.apply(configuration)
      const isReady = await this.follow(configuration, carried)
      this.carried = isReady ? carried : []
      this.elsewhere = new Set(isReady ? wanted : [])
      await this.node.apply(configuration)
      this.applied = configuration
      await this.syncServers()
    }
    this.listener()
  }

  private isCarried(listener: ListenerSpec, configuration: GatewayConfiguration): boolean {
    const reason = whyBuiltIn(listener, configuration)
    if (reason !== this.reasons.get(listener.id) && reason !== undefined) {
      const fields = { listener: listener.id, reason }
      this.options.log.write('info', 'the built-in plane carries a listener', fields)
    }
    if (reason === undefined) this.reasons.delete(listener.id)
    else this.reasons.set(listener.id, reason)
    return reason === undefined
  }

  /** Starts HAProxy anew when more than its servers changed; false when it cannot be had. */
  private async follow(
    configuration: GatewayConfiguration,
    listeners: readonly ListenerSpec[],
  ): Promise<boolean> {
    if (listeners.length === 0) {
      this.retire()
      this.structure = ''
      return true
    }
    this.states.place(configuration, listeners, this.node.report().targets)
    const structure = this.states.structureOf(configuration, listeners)
    if (structure === this.structure && this.process !== undefined) return true
    // Once it is replaced nobody can tell it anything.
    if (this.process !== undefined) await this.tell(this.process)
    for (;;) {
      const result = await this.start(configuration, listeners)
      if (result.ok) {
        this.structure = structure
        return true
      }
      if (!result.isPlace) {
        const fields = { reason: result.reason }
        this.options.log.write('error', 'HAProxy refuses; the built-in plane carries all', fields)
        this.retire()
        return false
      }
      await systemClock.sleep(againMilliseconds)
      if (this.isClosed || this.configuration !== configuration) return true
    }
  }

  private async start(
    configuration: GatewayConfiguration,
    listeners: readonly ListenerSpec[],
  ): Promise<Awaited<ReturnType<HaproxyProcess['started']>>> {
    const folder = join(this.doors, String(++this.count))
    const plan = {
      ...{ configuration, listeners, folder, doors: this.doors },
      slotsOf: (groupId: string) => this.states.slotsOf(groupId),
    }
    const before = this.process
    const next = new HaproxyProcess({
      ...{ folder, before, program: this.options.program ?? 'haproxy' },
      text: configurationText(plan),
      files: filesOf(plan),
      onOver: (process) => this.onOver(process),
    })
    this.states.toldAll(folder)
    this.isStarting = true
    const result = await next.started()
    this.isStarting = false
    if (!result.ok) {
      if (before?.isOver === true) this.process = undefined
      return result
    }
    if (before !== undefined && !before.isOver) this.former.add(before)
    this.process = next
    if (next.isOver) this.onOver(next)
    return result
  }

  private retire(): void {
    const { process } = this
    this.process = undefined
    if (process === undefined) return
    this.former.add(process)
    process.finish()
  }

  private onOver(process: HaproxyProcess): void {
    this.states.forget(process.folder)
    this.former.delete(process)
    // One that is being replaced ends as soon as nothing is under way.
    if (process !== this.process || this.isStarting) return
    this.process = undefined
    if (this.isClosed) return
    this.options.log.write('warn', 'HAProxy ended; it is started again', {
      how: process.end,
    })
    this.applied = undefined
    if (this.configuration !== undefined) void this.apply(this.configuration)
  }

  /** Tells HAProxy which servers are open; again when something changed meanwhile. */
  private syncServers(): Promise<void> {
    this.isOutOfStep = true
    this.syncing ??= this.syncUntilInStep().finally(() => {
      this.syncing = undefined
    })
    return this.syncing
  }

  private async syncUntilInStep(): Promise<void> {
    while (this.isOutOfStep && !this.isClosed) {
      this.isOutOfStep = false
      const { applied, carried } = this
      if (applied === undefined || carried.length === 0) return
      this.states.place(applied, carried, this.node.report().targets)
      if (this.process !== undefined) await this.tell(this.process)
      if (this.states.hasDraining) this.lookSoon(0)
    }
  }

  private async tell(process: HaproxyProcess): Promise<void> {
    await this.states.tell(process).catch((thrown: unknown) => {
      const fields = { reason: reasonOf(thrown) }
      if (!process.isOver) this.options.log.write('warn', 'HAProxy was not told', fields)
    })
  }

  private lookSoon(milliseconds: number): void {
    clearTimeout(this.timer)
    if (!this.isClosed) this.timer = setTimeout(() => void this.look(), milliseconds)
  }

  /** Reads what is under way; a change of it is news while something drains. */
  private async look(): Promise<void> {
    const { process } = this
    const isNews = process !== undefined && (await this.states.look(process))
    if (isNews) this.listener()
    this.lookSoon(this.states.hasDraining ? drainingMilliseconds : periodMilliseconds)
  }

  accept(socket: Socket, hello: GatewayHello, firstBytes: Buffer): void {
    const listener = this.carried.find(({ id }) => id === hello.listenerId)
    if (listener === undefined || this.process === undefined) {
      this.node.accept(socket, hello, firstBytes)
      return
    }
    if (!isAllowed(hello.clientAddress, listener.allowedCidrs)) {
      socket.destroy()
      return
    }
    const far = connect({ path: join(this.doors, `${markOf(listener.id)}.sock`) })
    const { clientAddress, clientPort } = hello
    const family = clientAddress.includes(':') ? 'TCP6' : 'TCP4'
    const here = family === 'TCP6' ? '::1' : listener.address
    far.write(`PROXY ${family} ${clientAddress} ${here} ${clientPort} ${listener.port}\r\n`)
    if (firstBytes.length > 0) far.write(firstBytes)
    joinSockets(socket, far)
  }

  report(): GatewayReport {
    const report = this.node.report()
    return {
      ...report,
      targets: report.targets.map((target) => ({
        ...target,
        requestsInFlight: target.requestsInFlight + this.inFlight(target),
      })),
      requestCount: report.requestCount + this.states.requestCount,
      traffic: [...(report.traffic ?? []), ...this.states.traffic.report()],
      listening: [
        ...report.listening,
        ...(this.process === undefined ? [] : this.carried.map(({ id }) => id)),
      ],
    }
  }

  /** Those that were replaced do not tell what they still carry: while one lives, a draining target is not done. */
  private inFlight(target: TargetHealth): number {
    const unseen = target.state === 'draining' ? this.former.size : 0
    return this.states.inFlight(target) + unseen
  }

  onChange(listener: () => void): void {
    this.listener = listener
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.timer)
    await this.working
    await this.node.close()
    const living = [...this.former, ...(this.process === undefined ? [] : [this.process])]
    this.process = undefined
    for (const process of living) process.kill()
    await Promise.all(living.map((process) => process.ended))
    await this.syncing
    rmSync(this.doors, { recursive: true, force: true })
  }
}

/** Each way ends by itself; an error of one ends both. */
function joinSockets(near: Socket, far: Socket): void {
  near.pipe(far)
  far.pipe(near)
  near.on('error', () => far.destroy()).on('close', () => far.destroy())
  far.on('error', () => near.destroy()).on('close', () => near.destroy())
}

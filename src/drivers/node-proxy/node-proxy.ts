import type { Socket } from 'node:net'
import type { DataPlane } from '../../balance/data-plane.ts'
import type {
  GatewayConfiguration,
  GatewayHello,
  GatewayReport,
  ListenerSpec,
  TargetGroupSpec,
} from '../../protocol/gateway.ts'
import type { AccessLogSink } from './access-record.ts'
import { isAllowed } from './addresses.ts'
import { Listener } from './listener.ts'
import { ListenerRouter } from './listener-router.ts'
import { TargetGroup } from './target-group.ts'

export interface NodeProxyOptions {
  /** Another plane beside this one carries the listener: its groups are checked here all the same. */
  isElsewhere?(listener: ListenerSpec): boolean
  /** Another plane may listen at the same places for a moment, while listeners change hands. */
  readonly sharesPorts?: boolean
  /** Takes the lines of those listeners whose requests are to be recorded. */
  readonly accessLog?: AccessLogSink
}

/** A data plane in this process. It does nothing until its first configuration. */
export function createNodeProxy(gatewayId: string, options: NodeProxyOptions = {}): DataPlane {
  return new NodeProxy(gatewayId, options)
}

class NodeProxy implements DataPlane {
  private readonly gatewayId: string
  private readonly options: NodeProxyOptions
  private readonly listeners = new Map<string, Listener>()
  private readonly groups = new Map<string, TargetGroup>()
  private generation = -1
  private formerRequests = 0
  private listener: () => void = () => undefined

  constructor(gatewayId: string, options: NodeProxyOptions) {
    this.gatewayId = gatewayId
    this.options = options
  }

  async apply(configuration: GatewayConfiguration): Promise<void> {
    if (configuration.generation < this.generation) return
    this.generation = configuration.generation
    this.applyGroups(configuration)
    this.applyListeners(configuration)
    this.listener()
  }

  private applyGroups(configuration: GatewayConfiguration): void {
    const wanted = new Set(configuration.targetGroups.map((group) => group.id))
    for (const [id, group] of this.groups) {
      if (wanted.has(id)) continue
      this.groups.delete(id)
      group.remove()
    }
    for (const spec of configuration.targetGroups) {
      let group = this.groups.get(spec.id)
      if (group === undefined) {
        group = new TargetGroup(spec.id, () => this.listener())
        this.groups.set(spec.id, group)
      }
      group.localAddress = localAddressOf(spec, configuration)
      group.apply(spec)
    }
  }

  private applyListeners(configuration: GatewayConfiguration): void {
    const own = configuration.listeners.filter((one) => this.options.isElsewhere?.(one) !== true)
    const wanted = new Set(own.map((listener) => listener.id))
    for (const [id, listener] of this.listeners) {
      if (wanted.has(id)) continue
      this.listeners.delete(id)
      this.formerRequests += listener.router.requestCount
      listener.drain()
    }
    for (const spec of own) {
      const known = this.listeners.get(spec.id)
      if (known !== undefined) {
        known.apply(spec)
        continue
      }
      const router = new ListenerRouter(spec, (id) => this.groups.get(id), this.options.accessLog)
      this.listeners.set(
        spec.id,
        new Listener(router, () => this.listener(), this.options.sharesPorts),
      )
    }
  }

  accept(socket: Socket, hello: GatewayHello, firstBytes: Buffer): void {
    const listener = this.listeners.get(hello.listenerId)
    if (
      listener === undefined ||
      !isAllowed(hello.clientAddress, listener.router.spec.allowedCidrs)
    ) {
      socket.destroy()
      return
    }
    const client = { address: hello.clientAddress, port: hello.clientPort }
    listener.accept(socket, client, firstBytes)
  }

  report(): GatewayReport {
    const listeners = [...this.listeners]
    return {
      gatewayId: this.gatewayId,
      generation: this.generation,
      targets: [...this.groups.values()].flatMap((group) => group.report()),
      requestCount: listeners.reduce(
        (total, [, listener]) => total + listener.router.requestCount,
        this.formerRequests,
      ),
      traffic: listeners.flatMap(([, listener]) => listener.traffic),
      listening: listeners.flatMap(([id, listener]) => (listener.isListening ? [id] : [])),
    }
  }

  onChange(listener: () => void): void {
    this.listener = listener
  }

  async close(): Promise<void> {
    for (const group of this.groups.values()) group.remove()
    this.groups.clear()
    await Promise.all([...this.listeners.values()].map((listener) => listener.destroy()))
    this.listeners.clear()
  }
}

/** The address of the balancer whose rules name the group: a group belongs to one balancer at most. */
function localAddressOf(
  group: TargetGroupSpec,
  configuration: GatewayConfiguration,
): string | undefined {
  return configuration.listeners.find((listener) =>
    listener.rules.some(
      ({ action }) =>
        action.type === 'forward' &&
        action.targetGroups.some((weighted) => weighted.targetGroupId === group.id),
    ),
  )?.address
}

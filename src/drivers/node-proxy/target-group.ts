import type { TargetGroupSpec, TargetHealth, TargetRouting } from '../../protocol/gateway.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'
import { SlowStart } from './slow-start.ts'
import { stickyMark, stickyTargetLines, stickyTargetOf } from './stickiness.ts'
import { Target } from './target.ts'
import type { Upstream } from './upstream.ts'

const routingDefault: TargetRouting = {
  algorithm: 'round_robin',
  slowStartSeconds: 0,
  stickiness: {
    isEnabled: false,
    type: 'lb_cookie',
    lbCookieSeconds: 86_400,
    appCookieName: '',
    appCookieSeconds: 86_400,
  },
}

/** The targets of one group, and whose turn it is. */
export class TargetGroup {
  readonly id: string
  /** The address that targets are reached from: that of the balancer whose listener uses the group. */
  localAddress: string | undefined
  /** How its targets are spoken to: HTTP/1.1 when absent. */
  version: TargetGroupSpec['version']
  proxyProtocol: TargetGroupSpec['proxyProtocol']
  private isSecured = false
  private isSourceSticky = false
  private readonly targets = new Map<string, Target>()
  private readonly onChange: () => void
  private rotation: readonly Target[] | undefined
  private routing = routingDefault
  private readonly slowStart = new SlowStart()
  private readonly marks = new WeakMap<Upstream, string>()
  private isNew = true
  /** Begins anywhere, so that the gateways of several zones do not all begin with the same target. */
  private turn = Math.floor(Math.random() * 1000)

  constructor(id: string, onChange: () => void) {
    this.id = id
    this.onChange = onChange
  }

  apply(spec: TargetGroupSpec): void {
    this.version = spec.version
    this.proxyProtocol = spec.proxyProtocol
    this.routing = spec.routing ?? routingDefault
    this.isSourceSticky = spec.isSourceSticky === true
    this.slowStart.seconds = this.routing.slowStartSeconds
    this.secure(spec.isSecured === true)
    const wanted = new Set(spec.targets.map((target) => target.id))
    for (const [id, target] of this.targets) {
      if (wanted.has(id)) continue
      this.targets.delete(id)
      target.remove(spec.endsConnections === true)
    }
    for (const wantedTarget of spec.targets) {
      const known = this.targets.get(wantedTarget.id)
      if (known !== undefined && isSamePlace(known, wantedTarget)) {
        known.update(wantedTarget, spec.healthCheck)
        continue
      }
      known?.remove()
      const target = new Target(wantedTarget, spec.healthCheck, {
        localAddress: () => this.localAddress,
        isSecured: () => this.isSecured,
        onChange: () => this.changed(),
      })
      this.targets.set(wantedTarget.id, target)
      if (this.isNew) this.slowStart.spare(target)
    }
    this.isNew = false
    this.changed()
  }

  /** Connections that stand speak as they were begun: with another way there are other targets. */
  private secure(isSecured: boolean): void {
    if (isSecured === this.isSecured) return
    this.isSecured = isSecured
    this.remove()
  }

  remove(): void {
    for (const target of this.targets.values()) target.remove()
    this.targets.clear()
  }

  get isSticky(): boolean {
    return this.routing.stickiness.isEnabled
  }

  /** Chooses for one request: the target that its cookies name while that is fit, else by turn. */
  chooserFor(head: RequestHead): (tried: ReadonlySet<Upstream>) => Upstream | undefined {
    if (!this.isSticky) return (tried) => this.choose(tried)
    const mark = stickyTargetOf(head, this.routing.stickiness, Date.now())
    return (tried) => this.bound(mark, tried) ?? this.choose(tried)
  }

  /** Chooses for one connection: the target that its client's address falls to, where that is asked for, else by turn. */
  chooserOf(address: string): (tried: ReadonlySet<Upstream>) => Upstream | undefined {
    if (!this.isSourceSticky) return (tried) => this.choose(tried)
    return (tried) => this.ownOf(address, tried) ?? this.choose(tried)
  }

  /** Every gateway comes to the same target; one that comes or goes moves nobody else's clients. */
  private ownOf(address: string, tried: ReadonlySet<Upstream>): Upstream | undefined {
    let own: Upstream | undefined
    let highest = ''
    for (const { upstream } of this.fitOnes()) {
      const share = stickyMark(address, upstream.id)
      if (share <= highest || tried.has(upstream)) continue
      own = upstream
      highest = share
    }
    return own
  }

  private bound(mark: string | undefined, tried: ReadonlySet<Upstream>): Upstream | undefined {
    if (mark === undefined) return undefined
    for (const target of this.targets.values()) {
      if (this.markOf(target.upstream) !== mark) continue
      return target.isInRotation && !tried.has(target.upstream) ? target.upstream : undefined
    }
    return undefined
  }

  private markOf(upstream: Upstream): string {
    let mark = this.marks.get(upstream)
    if (mark === undefined) {
      mark = stickyMark(this.id, upstream.id)
      this.marks.set(upstream, mark)
    }
    return mark
  }

  /** The cookies that bring a client back to the target that answered; empty when it is not asked for. */
  stickyLines(upstream: Upstream, answer: ResponseHead, now: number): string {
    if (!this.isSticky) return ''
    return stickyTargetLines(this.routing.stickiness, this.markOf(upstream), answer, now)
  }

  /** Those that are fit; when none is, all that may be there (fail open), or those that the checks find well (fail closed). */
  choose(tried: ReadonlySet<Upstream>): Upstream | undefined {
    const rotation = this.fitOnes()
    if (rotation.length > 0) return this.fit(rotation, tried)
    const active = [...this.targets.values()].filter((target) => target.isActive)
    if (this.routing.failsClosed) {
      const well = active.filter((target) => target.health.state === 'healthy')
      return this.next(well, tried)
    }
    const reachable = active.filter((target) => !target.health.isSuspended)
    return this.next(reachable, tried) ?? this.next(active, tried)
  }

  private fitOnes(): readonly Target[] {
    this.rotation ??= [...this.targets.values()].filter((target) => target.isInRotation)
    return this.rotation
  }

  private fit(rotation: readonly Target[], tried: ReadonlySet<Upstream>): Upstream | undefined {
    if (this.routing.algorithm === 'least_outstanding_requests') {
      return this.next(leastBusy(rotation, tried), tried)
    }
    if (this.routing.algorithm === 'weighted_random') {
      const open = rotation.filter((target) => !tried.has(target.upstream))
      return open[Math.floor(Math.random() * open.length)]?.upstream
    }
    if (this.slowStart.isIdle) return this.next(rotation, tried)
    const now = Date.now()
    const turns = rotation.filter((target) => this.slowStart.takesTurn(target, now))
    return this.next(turns, tried) ?? this.next(rotation, tried)
  }

  private next(targets: readonly Target[], tried: ReadonlySet<Upstream>): Upstream | undefined {
    for (let step = 0; step < targets.length; step++) {
      const target = targets[this.turn++ % targets.length]!
      if (!tried.has(target.upstream)) return target.upstream
    }
    return undefined
  }

  report(): readonly TargetHealth[] {
    return [...this.targets.values()].map((target) => target.report(this.id))
  }

  private changed(): void {
    this.rotation = undefined
    this.slowStart.observe([...this.targets.values()], Date.now())
    this.onChange()
  }
}

function leastBusy(rotation: readonly Target[], tried: ReadonlySet<Upstream>): readonly Target[] {
  const open = rotation.filter((target) => !tried.has(target.upstream))
  const least = Math.min(...open.map((target) => target.upstream.inFlight))
  return open.filter((target) => target.upstream.inFlight === least)
}

function isSamePlace(target: Target, spec: { address: string; port: number }): boolean {
  return target.spec.address === spec.address && target.spec.port === spec.port
}

import type { TargetGroupSpec, TargetHealth } from '../../protocol/gateway.ts'
import { Target } from './target.ts'
import type { Upstream } from './upstream.ts'

/** The targets of one group, and whose turn it is. */
export class TargetGroup {
  readonly id: string
  /** The address that targets are reached from: that of the balancer whose listener uses the group. */
  localAddress: string | undefined
  private readonly targets = new Map<string, Target>()
  private readonly onChange: () => void
  private rotation: readonly Target[] | undefined
  /** Begins anywhere, so that the gateways of several zones do not all begin with the same target. */
  private turn = Math.floor(Math.random() * 1000)

  constructor(id: string, onChange: () => void) {
    this.id = id
    this.onChange = onChange
  }

  apply(spec: TargetGroupSpec): void {
    const wanted = new Set(spec.targets.map((target) => target.id))
    for (const [id, target] of this.targets) {
      if (wanted.has(id)) continue
      this.targets.delete(id)
      target.remove()
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
        onChange: () => this.changed(),
      })
      this.targets.set(wantedTarget.id, target)
    }
    this.changed()
  }

  remove(): void {
    for (const target of this.targets.values()) target.remove()
    this.targets.clear()
  }

  /** Round robin over those that are fit; when none is, over all that may be there (fail open). */
  choose(tried: ReadonlySet<Upstream>): Upstream | undefined {
    this.rotation ??= [...this.targets.values()].filter((target) => target.isInRotation)
    if (this.rotation.length > 0) return this.next(this.rotation, tried)
    const active = [...this.targets.values()].filter((target) => target.isActive)
    const reachable = active.filter((target) => !target.health.isSuspended)
    return this.next(reachable, tried) ?? this.next(active, tried)
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
    this.onChange()
  }
}

function isSamePlace(target: Target, spec: { address: string; port: number }): boolean {
  return target.spec.address === spec.address && target.spec.port === spec.port
}

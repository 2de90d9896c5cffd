import type { Target } from './target.ts'

/**
 * Gives targets that became healthy beside others a share that grows from nothing to a whole one. Those of a group's first
 * configuration begin whole: there nobody is who could carry the load meanwhile.
 */
export class SlowStart {
  private readonly since = new Map<Target, number>()
  private readonly credit = new Map<Target, number>()
  private healthy = new Set<Target>()
  private readonly exempt = new Set<Target>()
  seconds = 0

  /** A target that was there from the beginning. */
  spare(target: Target): void {
    this.exempt.add(target)
  }

  /** Called at every change of health. */
  observe(targets: readonly Target[], now: number): void {
    const before = this.healthy
    this.healthy = new Set(targets.filter((target) => isHealthy(target)))
    for (const known of this.since.keys()) if (!this.healthy.has(known)) this.since.delete(known)
    for (const target of this.healthy) {
      if (before.has(target) || this.exempt.delete(target) || this.seconds === 0) continue
      const hasWhole = [...before].some((one) => this.healthy.has(one) && !this.since.has(one))
      if (hasWhole) this.since.set(target, now)
    }
  }

  /** Whether it is this target's turn, were all targets alike. */
  takesTurn(target: Target, now: number): boolean {
    const since = this.since.get(target)
    if (since === undefined) return true
    const share = (now - since) / (this.seconds * 1000)
    if (share >= 1 || this.seconds === 0) {
      this.since.delete(target)
      this.credit.delete(target)
      return true
    }
    const credit = (this.credit.get(target) ?? 0) + share
    this.credit.set(target, credit >= 1 ? credit - 1 : credit)
    return credit >= 1
  }

  get isIdle(): boolean {
    return this.since.size === 0
  }
}

function isHealthy(target: Target): boolean {
  return target.isActive && target.health.state === 'healthy'
}

import type { TargetGroupSpec, TargetHealth, TargetSpec } from '../../protocol/gateway.ts'

/** A server of a backend: there from the start, given to one target after another, because only servers change without a reload. */
export interface Slot {
  readonly name: string
  targetId: string | undefined
  address: string
  port: number
  isOpen: boolean
}

/** Spare servers of a backend: registrations up to so many need no reload. */
const spareMin = 8

/** The servers of one target group. */
export class ServerSlots {
  slots: Slot[] = []

  /** Gives every target a slot; true when slots had to be added, which takes a reload. */
  place(targets: readonly TargetSpec[]): boolean {
    const wanted = new Map(targets.map((target) => [target.id, target]))
    for (const slot of this.slots) {
      const target = wanted.get(slot.targetId ?? '')
      if (target?.address === slot.address && target.port === slot.port) wanted.delete(target.id)
      else slot.targetId = undefined
    }
    const needed = wanted.size - this.slots.filter((slot) => slot.targetId === undefined).length
    const hasGrown = needed > 0 || this.slots.length === 0
    if (hasGrown) this.grow(Math.max(needed, 0) + spareMin)
    for (const { id, address, port } of wanted.values()) {
      const at = this.slots.findIndex((slot) => slot.targetId === undefined)
      const [slot] = this.slots.splice(at, 1)
      if (slot === undefined) continue
      this.slots.push(Object.assign(slot, { targetId: id, address, port, isOpen: false }))
    }
    return hasGrown
  }

  private grow(count: number): void {
    for (let added = 0; added < count; added++) {
      const name = `s${this.slots.length + 1}`
      this.slots.push({ name, targetId: undefined, address: '127.0.0.1', port: 1, isOpen: false })
    }
  }
}

/** The targets that requests may go to: the healthy ones, or all that may be there when none is (fail open). */
export function openTargets(
  group: TargetGroupSpec,
  health: readonly TargetHealth[],
): ReadonlySet<string> {
  const active = group.targets.filter((target) => target.state === 'active').map(({ id }) => id)
  const isHealthy = new Set(
    health
      .filter((one) => one.targetGroupId === group.id && one.state === 'healthy')
      .map((one) => one.targetId),
  )
  const fit = active.filter((id) => isHealthy.has(id))
  return new Set(fit.length > 0 ? fit : active)
}

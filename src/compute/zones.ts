import { Refusal } from '../network/refusal.ts'
import type { ZoneFault } from '../protocol/machine.ts'
import type { InventoryView } from './machine-inventory.ts'
import type { ZoneDriver } from './driver.ts'

/** Zones as failure domains: which are broken on purpose, and how they are broken and mended. The host keeps the truth. */
export interface Zones {
  /** By zone, as the host last said. */
  faults(): ReadonlyMap<string, ZoneFault>
  /** Breaks a zone; without a fault mends it. Resolves when it is so and known here. Throws the driver's error. */
  set(zone: string, fault: ZoneFault | undefined): Promise<void>
  /** Returns how to stop listening. */
  onChange(listener: () => void): () => void
}

export interface ZonesAndNews extends Zones {
  changed(): void
}

export function createZones(
  inventory: Pick<InventoryView, 'refresh' | 'zoneFaults'>,
  driver: ZoneDriver | undefined,
): ZonesAndNews {
  const listeners = new Set<() => void>()
  return {
    faults: () => inventory.zoneFaults,
    async set(zone, fault) {
      if (!driver) throw new Refusal('UnsupportedOperation', 'This host cannot break zones.')
      await driver.faultZone(zone, fault)
      await inventory.refresh()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    changed() {
      for (const listener of listeners) listener()
    },
  }
}

/** EC2's answer where a zone has no room for a type. */
export function requireCapacity(
  zones: Pick<Zones, 'faults'>,
  { zone, instanceType }: { zone: string; instanceType: string },
): void {
  if (!zones.faults().has(zone)) return
  throw new Refusal(
    'InsufficientInstanceCapacity',
    `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.`,
  )
}

import { absent, seen, unknown, type Observation } from '../kernel/observation.ts'
import { reasonOf } from '../kernel/errors.ts'
import type { MachineInventory, MachineStatus, ZoneFault } from '../protocol/machine.ts'
import type { ComputeDriver } from './driver.ts'

/** What is known of the host's machines: the last complete list, and what was told since. */
export interface InventoryView {
  /** Unknown until a complete list was read, and after one could not be. */
  machine(machineId: string): Observation<MachineStatus>
  readonly hostEpoch: string | undefined
  /** Zones that are broken on purpose, of the last complete list. */
  readonly zoneFaults: ReadonlyMap<string, ZoneFault>
  /** Reads the complete list. Callers at the same time share one reading. Throws the driver's error. */
  refresh(): Promise<MachineInventory>
  /** What a driver call just answered. */
  note(status: MachineStatus): void
  close(): void
}

export interface InventoryListener {
  onMachine(machineId: string): void
  onEpoch(before: string | undefined, now: string): void
  onZoneFaults(): void
}

export function createInventory(driver: ComputeDriver, listener: InventoryListener): InventoryView {
  let known: Map<string, MachineStatus> | undefined
  let hostEpoch: string | undefined
  let zoneFaults: ReadonlyMap<string, ZoneFault> = new Map()
  let whyUnknown = 'the host has not been seen yet'
  let reading: Promise<MachineInventory> | undefined
  /** What is told while a list is being read is newer than the list. */
  let toldMeanwhile = new Map<string, MachineStatus>()

  function note(status: MachineStatus): void {
    const before = known?.get(status.id)
    const isOld = before !== undefined && before.incarnation > status.incarnation
    if (isOld && before.phase !== 'terminated') return
    known?.set(status.id, status)
    if (reading) toldMeanwhile.set(status.id, status)
  }

  async function read(): Promise<MachineInventory> {
    toldMeanwhile = new Map()
    try {
      const inventory = await driver.inventory()
      const before = known
      const epochBefore = hostEpoch
      known = new Map(inventory.machines.map((status) => [status.id, status]))
      for (const [id, status] of toldMeanwhile) known.set(id, status)
      hostEpoch = inventory.hostEpoch
      if (epochBefore !== hostEpoch) listener.onEpoch(epochBefore, hostEpoch)
      const faultsBefore = zoneFaults
      zoneFaults = new Map(Object.entries(inventory.zoneFaults ?? {}))
      if (textOf(faultsBefore) !== textOf(zoneFaults)) listener.onZoneFaults()
      for (const id of changedIds(before, known)) listener.onMachine(id)
      return inventory
    } catch (thrown) {
      known = undefined
      whyUnknown = reasonOf(thrown)
      throw thrown
    } finally {
      reading = undefined
    }
  }

  const unwatch = driver.watch((status) => {
    note(status)
    listener.onMachine(status.id)
  })

  return {
    machine(id) {
      if (!known) return unknown(whyUnknown)
      const status = known.get(id)
      return status && status.phase !== 'terminated' ? seen(status) : absent
    },
    get hostEpoch() {
      return hostEpoch
    },
    get zoneFaults() {
      return zoneFaults
    },
    refresh: () => (reading ??= read()),
    note,
    close: unwatch,
  }
}

function changedIds(
  before: ReadonlyMap<string, MachineStatus> | undefined,
  now: ReadonlyMap<string, MachineStatus>,
): readonly string[] {
  if (!before) return []
  const ids = new Set([...before.keys(), ...now.keys()])
  return [...ids].filter((id) => {
    const a = before.get(id)
    const b = now.get(id)
    return (
      a?.phase !== b?.phase || a?.incarnation !== b?.incarnation || a?.impairment !== b?.impairment
    )
  })
}

function textOf(faults: ReadonlyMap<string, ZoneFault>): string {
  return [...faults]
    .map(([zone, fault]) => `${zone} ${fault}`)
    .toSorted()
    .join()
}

import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Outcome, Reconciler } from '../reconcile/reconciler.ts'
import type { ComputeDriver } from './driver.ts'
import { instances } from './instance.ts'
import type { InventoryView } from './machine-inventory.ts'
import { planOrphans } from './plan-orphans.ts'

const periodMilliseconds = 2_000
const againForMoreMilliseconds = 100

/**
 * Reads the host's whole list by period, which is the truth that events only hurry, and ends machines that no record knows: those of
 * an installation that was reset.
 */
export function hostReconciler(
  { store, log }: EngineContext,
  { driver, inventory }: { driver: ComputeDriver; inventory: InventoryView },
): Reconciler {
  return {
    name: 'compute/host',
    periodMilliseconds,
    concurrencyMax: 1,
    wakes: [],
    keys: async () => ['host'],
    async reconcile(): Promise<Outcome | undefined> {
      const { machines } = await inventory.refresh()
      // Read after the list: a record is written before its machine, so a machine without one has none.
      const known = new Set((await store.listAll(instances)).map((record) => record.id))
      const { terminate, hasMore } = planOrphans(machines, known)
      for (const id of terminate) {
        log.write('warn', 'a machine without a record is ended', { machine: id })
        await driver.terminate(id)
      }
      return hasMore ? { againAfterMilliseconds: againForMoreMilliseconds } : undefined
    },
  }
}

import type { Kind, Store, StoredRecord } from '../store/records.ts'
import type { Inventory, Properties } from './resource-type.ts'

/** The inventory of a type whose resources are the records of one kind, and called by their ids. */
export function recordInventory<T>(
  store: Store,
  kind: Kind<T>,
  of: Pick<Inventory, 'identifier' | 'hidden'> & {
    readonly describe: (record: StoredRecord<T>) => Properties | Promise<Properties>
  },
): Inventory {
  return {
    ...of,
    async list(scope) {
      return (await store.list(kind, scope)).map(({ id }) => id)
    },
    async describe(physicalId, scope) {
      const record = await store.find(kind, scope, physicalId)
      return record && of.describe(record)
    },
  }
}

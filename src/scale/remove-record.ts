import type { Scope } from '../kernel/scope.ts'
import type { Kind, Store } from '../store/records.ts'
import { retried } from './retried.ts'

/** Removes a record, whoever changes it meanwhile. False when there is none. */
export async function removeRecord<T>(
  store: Store,
  at: { readonly kind: Kind<T>; readonly scope: Scope; readonly id: string },
): Promise<boolean> {
  return retried(async () => {
    const record = await store.find(at.kind, at.scope, at.id)
    if (!record) return false
    await store.remove(record)
    return true
  })
}

import type { Scope } from '../kernel/scope.ts'
import { StaleRevision, type Kind, type Store } from '../store/records.ts'

/** Removes a record, whoever changes it meanwhile. False when there is none. */
export async function removeRecord<T>(
  store: Store,
  at: { readonly kind: Kind<T>; readonly scope: Scope; readonly id: string },
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const record = await store.find(at.kind, at.scope, at.id)
    if (!record) return false
    try {
      await store.remove(record)
      return true
    } catch (thrown) {
      if (!(thrown instanceof StaleRevision) || attempt >= attemptsMax) throw thrown
    }
  }
}

/** More lost races in a row are no coincidence. */
const attemptsMax = 20

import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import type { Kind, Store } from '../store/records.ts'
import { changeSets } from './change-set-records.ts'
import { detections, resourceDrifts } from './drift.ts'
import {
  stackEvents,
  stackResources,
  stacks,
  templateBodies,
  type StackRecord,
} from './stack-records.ts'

/** How long AWS shows a deleted stack by its id. */
const keptMilliseconds = 90 * 24 * 60 * 60 * 1000
const periodMilliseconds = 60 * 60 * 1000
/** Stacks at the same time: nobody waits for it. */
const concurrencyMax = 2
/** Records of one commit: more would hold the store for longer than a call. */
const chunkMax = 200

const ownedKinds: readonly Kind<unknown>[] = [
  stackEvents,
  stackResources,
  templateBodies,
  changeSets,
  detections,
  resourceDrifts,
]

/** Forgets stacks that were deleted long ago, and all that was kept of them. The stack's own record goes last: until then it is tried again. */
export function forgetStacks({ store, clock }: Pick<EngineContext, 'store' | 'clock'>): Reconciler {
  const isOver = ({ deletedAt }: StackRecord): boolean =>
    deletedAt !== undefined && deletedAt + keptMilliseconds <= clock.now()
  return {
    name: 'stacks/forgotten',
    periodMilliseconds,
    concurrencyMax,
    async keys() {
      const all = await store.listAll(stacks)
      return all.filter(({ value }) => isOver(value)).map(({ scope, id }) => keyOf(scope, id))
    },
    wakes: [],
    async reconcile(key, signal) {
      const { scope, id } = openKey(key)
      const stack = await store.find(stacks, scope, id)
      if (!stack || !isOver(stack.value)) return undefined
      for (const kind of ownedKinds) await removeOwned(store, { kind, scope, owner: id }, signal)
      signal.throwIfAborted()
      await store.remove(stack)
      return undefined
    },
  }
}

async function removeOwned(
  store: Store,
  { kind, scope, owner }: { kind: Kind<unknown>; scope: Scope; owner: string },
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const found = await store.list(kind, scope, { owner, itemsMax: chunkMax })
    if (found.length === 0) return
    await store.transaction(async (records) => {
      for (const record of found) await records.remove(record)
    })
  }
}

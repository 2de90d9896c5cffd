import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { kindOf, type Records } from '../store/records.ts'

/** AWS: the name of a deleted queue is free again after a minute. */
const heldMilliseconds = 60_000

/** By the queue's name. */
const deletedNames = kindOf<{ readonly at: number }>('queue/deleted-name')

/** Written with the removal of its queue. */
export async function holdName(
  records: Records,
  at: { readonly scope: Scope; readonly name: string; readonly now: number },
): Promise<void> {
  const { scope, name, now } = at
  const held = await records.find(deletedNames, scope, name)
  if (held) await records.update(held, { at: now })
  else await records.insert(deletedNames, { scope, id: name }, { at: now })
}

export async function isNameHeld(
  { store, clock }: EngineContext,
  scope: Scope,
  name: string,
): Promise<boolean> {
  const held = await store.find(deletedNames, scope, name)
  return held !== undefined && isHeld(held.value, clock.now())
}

/** Removes what holds nothing any more. */
export async function forgetFreeNames({ store, clock }: EngineContext): Promise<void> {
  const now = clock.now()
  for (const held of await store.listAll(deletedNames)) {
    if (!isHeld(held.value, now)) await store.remove(held)
  }
}

function isHeld({ at }: { readonly at: number }, now: number): boolean {
  return Math.abs(now - at) < heldMilliseconds
}

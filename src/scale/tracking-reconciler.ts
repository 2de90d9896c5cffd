import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { scalingPolicies } from './policy.ts'
import type { ScaleDeps } from './scale.ts'
import { forgetAlarms, keepAlarms } from './scaling-policies.ts'

/** Whoever wrote the policy makes its alarms well within this; nobody else needs to while it is at work. */
const graceMilliseconds = 5_000

/**
 * Makes the alarms of a target-tracking policy whose writer died before it had made them. A reconciler: the policy's record says that they
 * are pending. A policy that is removed meanwhile takes them along.
 */
export function trackingReconciler(deps: ScaleDeps): Reconciler {
  const { store, clock } = deps.context
  const seen = new Map<string, { readonly revision: number; readonly at: number }>()
  return {
    name: 'scale/tracking-alarms',
    periodMilliseconds: 10_000,
    concurrencyMax: 2,
    wakes: [],
    async keys() {
      const pending = (await store.listAll(scalingPolicies)).filter(
        ({ value }) => value.tracking?.isPending,
      )
      const keys = pending.map(({ scope, id }) => keyOf(scope, id))
      for (const key of seen.keys()) if (!keys.includes(key)) seen.delete(key)
      return keys
    },
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const record = await store.find(scalingPolicies, scope, id)
      if (!record?.value.tracking?.isPending) return undefined
      const now = clock.now()
      const known = seen.get(key)
      if (known?.revision !== record.revision) {
        seen.set(key, { revision: record.revision, at: now })
        return { againAfterMilliseconds: graceMilliseconds }
      }
      if (now - known.at < graceMilliseconds) {
        return { againAfterMilliseconds: graceMilliseconds - (now - known.at) }
      }
      const kept = await keepAlarms(deps, scope, record.value)
      const isThere = await store.find(scalingPolicies, scope, id)
      if (!isThere) await forgetAlarms(deps, scope, kept)
      return undefined
    },
  }
}

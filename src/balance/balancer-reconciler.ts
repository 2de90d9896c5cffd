import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { modify } from '../store/records.ts'
import type { ConfigurationHub } from './configuration-hub.ts'
import { balancers } from './records.ts'
import type { ReportBook } from './report-book.ts'

export const balancerReconcilerName = 'balance/balancers'

/** Calls a balancer active once every zone's gateway carries it. Key: the balancer. */
export function balancerReconciler(
  { store }: EngineContext,
  hub: ConfigurationHub,
  book: ReportBook,
): Reconciler {
  return {
    name: balancerReconcilerName,
    periodMilliseconds: 5000,
    concurrencyMax: 8,
    async keys() {
      const all = await store.listAll(balancers)
      return all
        .filter((record) => record.value.state === 'provisioning')
        .map((record) => keyOf(record.scope, record.id))
    },
    wakes: [{ kind: balancers, keysOf: ({ scope, id }) => [keyOf(scope, id)] }],
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const balancer = await store.find(balancers, scope, id)
      if (balancer?.value.state !== 'provisioning') return undefined
      const picture = await hub.picture()
      const isCarried = balancer.value.zones.every((zone) =>
        picture.gateways.some(
          (gateway) =>
            gateway.subnetId === zone.subnetId &&
            picture.nodeAddresses.has(`${id} ${zone.subnetId}`) &&
            book.find(gateway.gatewayId) !== undefined,
        ),
      )
      if (!isCarried) return { againAfterMilliseconds: 200 }
      await modify(store, { kind: balancers, scope, id }, (value) => ({
        ...value,
        state: 'active' as const,
      }))
      return undefined
    },
  }
}

import { instances } from '../compute/instance.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision, type StoredRecord } from '../store/records.ts'
import {
  classicBalancers,
  classicInstances,
  type ClassicBalancer,
  type ClassicInstance,
} from './classic-records.ts'
import type { ConfigurationHub } from './configuration-hub.ts'
import { classicTargets } from './plan-classic.ts'
import { isDrained } from './plan-health-view.ts'
import type { ReportBook } from './report-book.ts'

export const classicReconcilerName = 'balance/classic-instances'

/** Lets instances go that have drained, and those that are terminated. Key: the classic balancer. A reconciler: each removal stands by itself. */
export function classicReconciler(
  { store, clock }: EngineContext,
  hub: ConfigurationHub,
  book: ReportBook,
): Reconciler {
  return {
    name: classicReconcilerName,
    periodMilliseconds: 10_000,
    concurrencyMax: 8,
    async keys() {
      const all = await store.listAll(classicBalancers)
      return all.map((record) => keyOf(record.scope, record.id))
    },
    wakes: [
      {
        kind: classicInstances,
        keysOf: ({ scope, owner }) => (owner === undefined ? [] : [keyOf(scope, owner)]),
      },
    ],
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const balancer = await store.find(classicBalancers, scope, id)
      if (!balancer) return undefined
      let hasDraining = false
      for (const record of await store.list(classicInstances, scope, { owner: id })) {
        if (await isDone(record, balancer.value)) await remove(record)
        else if (record.value.state === 'draining') hasDraining = true
      }
      return hasDraining ? { againAfterMilliseconds: 1000 } : undefined
    },
  }

  async function isDone(
    { scope, value }: StoredRecord<ClassicInstance>,
    balancer: ClassicBalancer,
  ): Promise<boolean> {
    const instance = await store.find(instances, scope, value.instanceId)
    if (instance === undefined || instance.value.state === 'terminated') return true
    if (value.state === 'active') return false
    const { gateways } = await hub.picture()
    const subnetIds = balancer.zones.map((zone) => zone.subnetId)
    const gatewayIds = gateways
      .filter(
        ({ subnetId, gatewayId }) => subnetIds.includes(subnetId) && !book.isSilent(gatewayId),
      )
      .map((gateway) => gateway.gatewayId)
    const drain = { delaySeconds: balancer.drainingSeconds, gatewayIds }
    return classicTargets(balancer, value).every((target) =>
      isDrained(target, clock.now(), drain, book.fresh()),
    )
  }

  async function remove(record: StoredRecord<ClassicInstance>): Promise<void> {
    try {
      await store.remove(record)
    } catch (thrown) {
      // It was registered again in between, and stays.
      if (!(thrown instanceof StaleRevision)) throw thrown
    }
  }
}

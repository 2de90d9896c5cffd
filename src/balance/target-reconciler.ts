import { instances } from '../compute/instance.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision, type StoredRecord } from '../store/records.ts'
import type { ConfigurationHub } from './configuration-hub.ts'
import { balancersOf } from './plan-configuration.ts'
import { isDrained } from './plan-health-view.ts'
import { targetGroups, targets, type Target, type TargetGroup } from './records.ts'
import type { ReportBook } from './report-book.ts'

export const targetReconcilerName = 'balance/targets'

/** Lets targets go that have drained, and instances that are terminated. Key: the group. */
export function targetReconciler(
  { store, clock }: EngineContext,
  hub: ConfigurationHub,
  book: ReportBook,
): Reconciler {
  return {
    name: targetReconcilerName,
    periodMilliseconds: 30_000,
    concurrencyMax: 8,
    async keys() {
      return (await store.listAll(targetGroups)).map((record) => keyOf(record.scope, record.id))
    },
    wakes: [
      {
        kind: targets,
        keysOf: ({ scope, owner }) => (owner === undefined ? [] : [keyOf(scope, owner)]),
      },
    ],
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const group = await store.find(targetGroups, scope, id)
      if (!group) return undefined
      let hasDraining = false
      for (const record of await store.list(targets, scope, { owner: id })) {
        if (await isDone(record, group.value)) await remove(record)
        else if (record.value.state === 'draining') hasDraining = true
      }
      return hasDraining ? { againAfterMilliseconds: 1000 } : undefined
    },
  }

  async function isDone(record: StoredRecord<Target>, group: TargetGroup): Promise<boolean> {
    const target = record.value
    if (group.targetType === 'instance') {
      const instance = await store.find(instances, record.scope, target.targetId)
      if (instance === undefined || instance.value.state === 'terminated') return true
    }
    const picture = await hub.picture()
    const subnets = balancersOf(picture, group.groupId).flatMap((balancer) =>
      balancer.zones.map((zone) => zone.subnetId),
    )
    const gatewayIds = picture.gateways
      .filter((gateway) => subnets.includes(gateway.subnetId) && !book.isSilent(gateway.gatewayId))
      .map((gateway) => gateway.gatewayId)
    const delaySeconds = group.deregistrationDelaySeconds
    const isPassedOn = group.preservesClient === true || group.transport === 'tcp_udp'
    const drain = { delaySeconds, gatewayIds, isPassedOn }
    return isDrained(target, clock.now(), drain, book.fresh())
  }

  async function remove(record: StoredRecord<Target>): Promise<void> {
    try {
      await store.remove(record)
    } catch (thrown) {
      // It was registered again in between, and stays.
      if (!(thrown instanceof StaleRevision)) throw thrown
    }
  }
}

import type { Network } from '../network/interfaces.ts'
import { networkFlows } from '../network/records.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import type { ConfigurationHub } from './configuration-hub.ts'
import { planConfiguration } from './plan-configuration.ts'
import { planFlows } from './plan-flows.ts'
import type { Balancer } from './records.ts'
import type { ReportBook } from './report-book.ts'

export const flowReconcilerName = 'balance/flows'

/** Keeps what the network passes on for network balancers as their gateways see their targets. Key: the VPC. */
export function flowReconciler(
  context: EngineContext,
  network: Network,
  { hub, book }: { readonly hub: ConfigurationHub; readonly book: ReportBook },
): Reconciler {
  const { store } = context
  return {
    name: flowReconcilerName,
    periodMilliseconds: 5000,
    concurrencyMax: 4,
    async keys() {
      const picture = await hub.picture()
      const kept = await store.listAll(networkFlows)
      const wanted = picture.balancers.flatMap((balancer) => {
        const scope = picture.scopes.get(balancer.balancerId)
        return scope && hasFlows(balancer) ? [keyOf(scope, balancer.vpcId)] : []
      })
      return [...new Set([...wanted, ...kept.map((record) => keyOf(record.scope, record.id))])]
    },
    // Whatever changes for a gateway is heard of from it.
    wakes: [],
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const picture = await hub.picture()
      const gateways = picture.gateways.filter(({ vpcId }) => vpcId === id)
      // A gateway that has not spoken yet knows nothing: what was passed on stays.
      if (gateways.some(({ gatewayId }) => isUnheard(gatewayId)))
        return { againAfterMilliseconds: 500 }
      const flows = gateways.flatMap((gateway) =>
        planFlows(picture, planConfiguration(picture, gateway), book.find(gateway.gatewayId)),
      )
      await network.setFlows(scope, id, flows)
      return undefined
    },
  }

  function isUnheard(gatewayId: string): boolean {
    return book.find(gatewayId) === undefined && !book.isSilent(gatewayId)
  }
}

/** Whether the network may have something to pass on for a balancer. */
export function hasFlows({ type }: Balancer): boolean {
  return type === 'network'
}

import type { Network } from '../network/interfaces.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { BalancerCatalogue } from './balancer-catalogue.ts'
import { createClassicCatalogue, type ClassicCatalogue } from './classic-catalogue.ts'
import type { ClassicBalancer } from './classic-records.ts'
import { createClassicRegistry, type ClassicRegistry } from './classic-registry.ts'
import type { ConfigurationHub } from './configuration-hub.ts'
import type { ListenerCatalogue } from './listener-catalogue.ts'
import { planClassic } from './plan-classic.ts'
import type { BalancerListener } from './records.ts'
import type { ReportBook } from './report-book.ts'

/** What `Balance` has of classic balancers. */
export interface Classics {
  readonly classics: ClassicCatalogue
  readonly classicRegistry: ClassicRegistry
  /** Listeners of every kind of balancer, for who asks where a certificate is shown. */
  readonly certificateListeners: Pick<ListenerCatalogue, 'list'>
}

export function createClassics(
  context: EngineContext,
  deps: {
    readonly network: Network
    readonly balancers: BalancerCatalogue
    readonly listeners: ListenerCatalogue
    readonly hub: ConfigurationHub
    readonly book: ReportBook
  },
): Classics {
  const { network, balancers, listeners, hub, book } = deps
  const classics = createClassicCatalogue(context, network, balancers)
  return {
    classics,
    classicRegistry: createClassicRegistry(context, hub, book),
    certificateListeners: {
      async list(scope, balancerId) {
        const known = await listeners.list(scope, balancerId)
        return [...known, ...(await classics.list(scope)).flatMap(namedListeners)]
      },
    },
  }
}

/** By the balancer's name, which is all that stands in its ARN. */
function namedListeners(classic: ClassicBalancer): readonly BalancerListener[] {
  return planClassic(classic, []).listeners.map((listener) => ({
    ...listener,
    balancerId: classic.name,
  }))
}

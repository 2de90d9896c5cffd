import type { Network } from '../network/interfaces.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Store } from '../store/records.ts'
import type { BalancerCatalogue } from './balancer-catalogue.ts'
import { createClassicCatalogue, type ClassicCatalogue } from './classic-catalogue.ts'
import { balancerArn } from './arns.ts'
import { classicBalancers, type ClassicBalancer } from './classic-records.ts'
import { createClassicRegistry, type ClassicRegistry } from './classic-registry.ts'
import type { ConfigurationHub } from './configuration-hub.ts'
import type { ListenerCatalogue } from './listener-catalogue.ts'
import { planClassic } from './plan-classic.ts'
import { listeners, type BalancerListener } from './records.ts'
import type { ReportBook } from './report-book.ts'

/** What `Balance` has of classic balancers. */
export interface Classics {
  readonly classics: ClassicCatalogue
  readonly classicRegistry: ClassicRegistry
  /** Listeners of every kind of balancer, for who asks where a certificate is shown. */
  readonly certificateListeners: Pick<ListenerCatalogue, 'list'> & {
    /** ARNs of an account's balancers, in any region, whose listeners show one of these certificates. */
    usersOf(account: string, certificateIds: readonly string[]): Promise<readonly string[]>
  }
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
  const { network, balancers, listeners: catalogue, hub, book } = deps
  const classics = createClassicCatalogue(context, network, balancers)
  return {
    classics,
    classicRegistry: createClassicRegistry(context, hub, book),
    certificateListeners: {
      async list(scope, balancerId) {
        const known = await catalogue.list(scope, balancerId)
        return [...known, ...(await classics.list(scope)).flatMap(namedListeners)]
      },
      usersOf: (account, certificateIds) => usersOf(context.store, account, certificateIds),
    },
  }
}

async function usersOf(
  store: Store,
  account: string,
  certificateIds: readonly string[],
): Promise<readonly string[]> {
  const classic = (await store.listAll(classicBalancers)).flatMap(({ scope, value }) =>
    namedListeners(value).map((listener) => ({ scope, value: listener })),
  )
  const all = [...(await store.listAll(listeners)), ...classic]
  const arns = all
    .filter(({ scope }) => scope.account === account)
    .filter(({ value }) => value.tls?.certificateIds.some((id) => certificateIds.includes(id)))
    .map(({ scope, value }) => balancerArn(scope, value.balancerId))
  return [...new Set(arns)]
}

/** By the balancer's name, which is all that stands in its ARN. */
function namedListeners(classic: ClassicBalancer): readonly BalancerListener[] {
  return planClassic(classic, []).listeners.map((listener) => ({
    ...listener,
    balancerId: classic.name,
  }))
}

import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { setFlows } from './flows.ts'
import { createAclCatalogue, type AclCatalogue } from './acls.ts'
import { createApplier } from './apply.ts'
import { ensureBalancerGroup } from './balancer-group.ts'
import { createDefaultVpc, ensureDefaultVpc } from './default-vpc.ts'
import type { NetworkDriver } from './driver.ts'
import { createElasticAddresses, type ElasticAddresses } from './elastic-addresses.ts'
import { createNatGateways, type NatGateways } from './nat-gateways.ts'
import { createInterfacePool, type InterfacePool } from './interface-pool.ts'
import type { Network, SubnetView } from './interfaces.ts'
import { valuesOf } from './lookup.ts'
import { planAllowedCidrs } from './plan-network.ts'
import { networkInterfaces, securityGroups, subnets } from './records.ts'
import { createRouting, type Routing } from './routing.ts'
import { createSecurityCatalogue, type SecurityCatalogue } from './security.ts'
import { createVpcCatalogue, type VpcCatalogue } from './vpcs.ts'

export interface NetworkEngine extends Network {
  readonly interfaces: InterfacePool
  readonly catalogue: VpcCatalogue
  readonly routing: Routing
  readonly security: SecurityCatalogue
  readonly acls: AclCatalogue
  readonly elastic: ElasticAddresses
  readonly natGateways: NatGateways
  /** The default VPC's id, made on first use; undefined once it was deleted. */
  ensureDefaultVpc(scope: Scope): Promise<string | undefined>
  /** Makes it again; refused while there is one. */
  createDefaultVpc(scope: Scope): Promise<string>
  /** The host began anew: everything is applied again before it is relied on. */
  forgetHost(): void
  readonly reconcilers: readonly Reconciler[]
}

export function createNetwork(context: EngineContext, driver: NetworkDriver): NetworkEngine {
  const { store } = context
  const applier = createApplier(context, driver)
  const subnetViews = async (scope: Scope, vpcId?: string): Promise<readonly SubnetView[]> =>
    valuesOf(store, subnets, scope, vpcId)
  const interfaces = createInterfacePool(context)
  const elastic = createElasticAddresses(context)
  return {
    interfaces,
    elastic,
    natGateways: createNatGateways(context, interfaces, elastic),
    catalogue: createVpcCatalogue(context),
    routing: createRouting(context),
    security: createSecurityCatalogue(context),
    acls: createAclCatalogue(context),
    ensureDefaultVpc: (scope) => ensureDefaultVpc(context, scope),
    createDefaultVpc: (scope) => createDefaultVpc(context, scope),
    forgetHost: () => applier.forget(),
    reconcilers: applier.reconcilers,
    ensureApplied: (...named) => applier.ensureApplied(...named),
    subnet: async (scope, id) => (await store.find(subnets, scope, id))?.value,
    subnets: subnetViews,
    async defaultSubnets(scope) {
      const vpcId = await ensureDefaultVpc(context, scope)
      if (vpcId === undefined) return []
      const all = await subnetViews(scope, vpcId)
      return all.filter((subnet) => subnet.isDefault).toSorted((a, b) => (a.zone < b.zone ? -1 : 1))
    },
    securityGroup: async (scope, id) => (await store.find(securityGroups, scope, id))?.value,
    async defaultSecurityGroup(scope, vpcId) {
      const groups = await valuesOf(store, securityGroups, scope, vpcId)
      return groups.find((group) => group.name === 'default')?.groupId
    },
    balancerSecurityGroup: (scope, vpcId) => ensureBalancerGroup(context, scope, vpcId),
    setFlows: (scope, vpcId, flows) => setFlows(context, scope, { vpcId, flows }),
    async allowedCidrs(scope, securityGroupIds, port, protocol = 'tcp') {
      const found = await Promise.all(
        securityGroupIds.map((id) => store.find(securityGroups, scope, id)),
      )
      const groups = found.flatMap((record) => (record ? [record.value] : []))
      const vpcId = groups[0]?.vpcId
      if (vpcId === undefined) return []
      const members = await valuesOf(store, networkInterfaces, scope, vpcId)
      return planAllowedCidrs(groups, members, { port, protocol })
    },
  }
}

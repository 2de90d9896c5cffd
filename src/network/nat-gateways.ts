import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify } from '../store/records.ts'
import type { ElasticAddresses } from './elastic-addresses.ts'
import type { Interfaces } from './interfaces.ts'
import { notFound, requireRecord } from './lookup.ts'
import { elasticAddresses, natGateways, subnets, type NatGateway } from './records.ts'
import { Refusal } from './refusal.ts'

/**
 * NAT gateways hold an address in their subnet and an elastic one, and routes may name them. What comes by such a route goes nowhere: machines open no
 * connections to the outside, through whatever gateway (decision 0023). Failures are `Refusal`s.
 */
export interface NatGateways {
  create(scope: Scope, request: CreateNatGateway): Promise<NatGateway>
  /** Gives its addresses back; it is shown as deleted for an hour. */
  delete(scope: Scope, natGatewayId: string): Promise<void>
}

export interface CreateNatGateway {
  /** Choose it yourself to make the call repeatable. */
  readonly natGatewayId?: string
  readonly subnetId: string
  /** Of a public one. */
  readonly allocationId?: string
  readonly privateAddress?: string
  readonly tags: readonly Tag[]
}

export function createNatGateways(
  { store, clock, random }: EngineContext,
  interfaces: Interfaces,
  elastic: ElasticAddresses,
): NatGateways {
  return {
    async create(scope, { natGatewayId = resourceId(random, 'nat'), subnetId, ...request }) {
      const known = await store.find(natGateways, scope, natGatewayId)
      if (known) return known.value
      const { allocationId, privateAddress, tags } = request
      const { value: subnet } = await requireRecord(store, subnets, scope, subnetId)
      const interfaceId = natGatewayId.replace('nat-', 'eni-')
      if (allocationId !== undefined) await requireFree(scope, allocationId, interfaceId)
      const view = await interfaces.allocate(scope, {
        interfaceId,
        subnetId,
        securityGroupIds: [],
        publicAddress: false,
        ...(privateAddress !== undefined && { address: privateAddress }),
        description: `Interface for NAT Gateway ${natGatewayId}`,
      })
      try {
        const worn =
          allocationId === undefined
            ? undefined
            : await elastic.associate(scope, { allocationId, interfaceId, mayMove: false })
        const made: NatGateway = {
          ...{ natGatewayId, vpcId: subnet.vpcId, subnetId, interfaceId, tags },
          privateAddress: view.address,
          ...(allocationId !== undefined && { allocationId }),
          ...(worn && { publicAddress: worn.publicAddress, associationId: worn.associationId }),
          createdAt: clock.now(),
        }
        await store.insert(natGateways, { scope, id: natGatewayId, owner: subnet.vpcId }, made)
        return made
      } catch (thrown) {
        if (thrown instanceof Refusal) await interfaces.release(scope, interfaceId)
        throw thrown
      }
    },
    async delete(scope, id) {
      const { value } = await requireRecord(store, natGateways, scope, id)
      await interfaces.release(scope, value.interfaceId)
      const deletedAt = clock.now()
      const done = await modify(store, { kind: natGateways, scope, id }, (gateway) => ({
        ...gateway,
        deletedAt: gateway.deletedAt ?? deletedAt,
      }))
      if (!done) throw notFound(natGateways, id)
    },
  }

  async function requireFree(
    scope: Scope,
    allocationId: string,
    interfaceId: string,
  ): Promise<void> {
    const { value } = await requireRecord(store, elasticAddresses, scope, allocationId)
    const { association } = value
    if (association === undefined || association.interfaceId === interfaceId) return
    throw new Refusal(
      'Resource.AlreadyAssociated',
      `Elastic IP address [${allocationId}] is already associated`,
    )
  }
}

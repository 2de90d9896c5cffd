import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Records, StoredRecord } from '../store/records.ts'
import { withFreshAddresses } from './interface-pool.ts'
import type { InterfaceView } from './interfaces.ts'
import { requireRecord, valuesOf } from './lookup.ts'
import { choosePublicAddress, giveUpPublicAddress, installation } from './public-addresses.ts'
import {
  elasticAddresses,
  internetGateways,
  networkInterfaces,
  publicAddresses,
  type ElasticAddress,
} from './records.ts'
import { Refusal } from './refusal.ts'

/** Public addresses that stay with their owner. Failures are `Refusal`s. */
export interface ElasticAddresses {
  allocate(
    scope: Scope,
    request: { readonly allocationId?: string; readonly tags: readonly Tag[] },
  ): Promise<ElasticAddress>
  release(scope: Scope, allocationId: string): Promise<void>
  /** The interface gives up the public address that it had. The same pair again is the same association. */
  associate(scope: Scope, request: AssociateAddress): Promise<Association>
  /** Gives the interface that is without a public address now. */
  disassociate(scope: Scope, associationId: string): Promise<InterfaceView>
  find(
    scope: Scope,
    by: { readonly publicAddress: string } | { readonly associationId: string },
  ): Promise<ElasticAddress>
}

export interface AssociateAddress {
  readonly allocationId: string
  readonly interfaceId: string
  /** Whether an address that is in use elsewhere may be taken from there. */
  readonly mayMove: boolean
}

export interface Association {
  readonly associationId: string
  readonly publicAddress: string
  readonly view: InterfaceView
  /** Whose the address was until now, if it was moved. */
  readonly before?: InterfaceView
}

export function createElasticAddresses({ store, random }: EngineContext): ElasticAddresses {
  return {
    async allocate(scope, { allocationId = resourceId(random, 'eipalloc'), tags }) {
      const known = await store.find(elasticAddresses, scope, allocationId)
      if (known) return known.value
      return withFreshAddresses(async () => {
        const publicAddress = choosePublicAddress(random)
        const address: ElasticAddress = { allocationId, publicAddress, tags }
        await store.transaction(async (records) => {
          const held = { interfaceId: allocationId }
          await records.insert(publicAddresses, { scope: installation, id: publicAddress }, held)
          await records.insert(elasticAddresses, { scope, id: allocationId }, address)
        })
        return address
      })
    },
    async release(scope, allocationId) {
      await store.transaction(async (records) => {
        const address = await requireRecord(records, elasticAddresses, scope, allocationId)
        const { publicAddress, association } = address.value
        if (association) {
          throw new Refusal('InvalidIPAddress.InUse', `Address ${publicAddress} is in use.`)
        }
        const held = await records.find(publicAddresses, installation, publicAddress)
        if (held) await records.remove(held)
        await records.remove(address)
      })
    },
    associate: (scope, request) =>
      store.transaction((records) =>
        associate(records, scope, {
          ...request,
          associationId: resourceId(random, 'eipassoc'),
        }),
      ),
    disassociate: (scope, associationId) =>
      store.transaction(async (records) => {
        const { allocationId } = await findAddress(records, scope, { associationId })
        const address = await requireRecord(records, elasticAddresses, scope, allocationId)
        const view = await takeOff(records, scope, address)
        if (!view) throw noAssociation(associationId)
        return view
      }),
    find: (scope, by) => findAddress(store, scope, by),
  }
}

async function associate(
  records: Records,
  scope: Scope,
  wanted: AssociateAddress & { readonly associationId: string },
): Promise<Association> {
  const { allocationId, interfaceId, associationId } = wanted
  const address = await requireRecord(records, elasticAddresses, scope, allocationId)
  const face = await requireRecord(records, networkInterfaces, scope, interfaceId)
  const { publicAddress, association } = address.value
  if (association?.interfaceId === interfaceId) {
    return { associationId: association.associationId, publicAddress, view: face.value }
  }
  if (association && !wanted.mayMove) {
    throw new Refusal(
      'Resource.AlreadyAssociated',
      `resource ${allocationId} is already associated with associate-id ${association.associationId}`,
    )
  }
  const gateways = await valuesOf(records, internetGateways, scope)
  if (!gateways.some((gateway) => gateway.vpcId === face.value.vpcId)) {
    throw new Refusal(
      'Gateway.NotAttached',
      `Network ${face.value.vpcId} is not attached to any internet gateway`,
    )
  }
  const before = await takeOff(records, scope, address)
  await giveUpPublicAddress(records, scope, face.value)
  const free = await requireRecord(records, elasticAddresses, scope, allocationId)
  await records.update(free, { ...free.value, association: { associationId, interfaceId } })
  const view = { ...face.value, publicAddress, allocationId, associationId }
  await records.update(face, view)
  return { associationId, publicAddress, view, ...(before && { before }) }
}

/** Takes the address off the interface that has it. */
async function takeOff(
  records: Records,
  scope: Scope,
  address: StoredRecord<ElasticAddress>,
): Promise<InterfaceView | undefined> {
  const { association, ...free } = address.value
  if (!association) return undefined
  await records.update(address, free)
  const face = await records.find(networkInterfaces, scope, association.interfaceId)
  if (!face) return undefined
  const { publicAddress: _, allocationId: __, associationId: ___, ...view } = face.value
  await records.update(face, view)
  return view
}

async function findAddress(
  records: Records,
  scope: Scope,
  by: { readonly publicAddress: string } | { readonly associationId: string },
): Promise<ElasticAddress> {
  const all = await valuesOf(records, elasticAddresses, scope)
  if ('associationId' in by) {
    const found = all.find((each) => each.association?.associationId === by.associationId)
    if (found) return found
    throw noAssociation(by.associationId)
  }
  const found = all.find((each) => each.publicAddress === by.publicAddress)
  if (found) return found
  throw new Refusal('InvalidAddress.NotFound', `Address '${by.publicAddress}' not found.`)
}

function noAssociation(associationId: string): Refusal {
  return new Refusal(
    'InvalidAssociationID.NotFound',
    `The association ID '${associationId}' does not exist`,
  )
}

import { elasticAddresses } from '../../../network/records.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { modify } from '../../../store/records.ts'
import type { Properties, ResourceContext, ResourceState } from '../../../stacks/resource-type.ts'
import type { Ec2Deps } from '../deps.ts'
import { associateAddress, disassociateAddress } from '../elastic-address.ts'
import {
  derivedId,
  removeWhenFree,
  stackTags,
  tagProperties,
  textOf,
  type Ec2ResourceType,
} from '../stack-call.ts'

/** Its physical id is the address itself, as CloudFormation's `Ref` has it. */
export const eipType: Ec2ResourceType = {
  name: 'AWS::EC2::EIP',
  properties: { Domain: 'string', InstanceId: 'string', Tags: tagProperties },
  required: [],
  attributes: ['PublicIp', 'AllocationId'],
  replaceOn: ['Domain'],
  async create(properties, context, deps) {
    const { publicAddress, allocationId } = await deps.network.elastic.allocate(context.scope, {
      allocationId: derivedId('eipalloc', context),
      tags: stackTags(properties, context),
    })
    await context.started(publicAddress)
    return settle({ publicAddress, allocationId }, { properties, context, deps })
  },
  async update({ physicalId, after }, context, deps) {
    const { scope } = context
    const address = await deps.network.elastic.find(scope, { publicAddress: physicalId })
    const tags = stackTags(after, context)
    const at = { kind: elasticAddresses, scope, id: address.allocationId }
    await modify(deps.store, at, (value) => ({ ...value, tags }))
    if (textOf(after, 'InstanceId') === undefined && address.association) {
      await disassociateAddress(deps, scope, address.association.associationId)
    }
    return settle(address, { properties: after, context, deps })
  },
  async remove({ physicalId }, context, deps) {
    const { scope } = context
    const all = await valuesOf(deps.store, elasticAddresses, scope)
    const address = all.find((each) => each.publicAddress === physicalId)
    if (!address) return
    if (address.association) {
      await disassociateAddress(deps, scope, address.association.associationId)
    }
    await removeWhenFree(physicalId, context, () =>
      deps.network.elastic.release(scope, address.allocationId),
    )
  },
}

async function settle(
  { publicAddress, allocationId }: { publicAddress: string; allocationId: string },
  at: { properties: Properties; context: ResourceContext; deps: Ec2Deps },
): Promise<ResourceState> {
  const instanceId = textOf(at.properties, 'InstanceId')
  if (instanceId !== undefined) {
    const wanted = { allocationId, instanceId, mayMove: true }
    await associateAddress(at.deps, at.context.scope, wanted)
  }
  return {
    physicalId: publicAddress,
    attributes: { PublicIp: publicAddress, AllocationId: allocationId },
  }
}

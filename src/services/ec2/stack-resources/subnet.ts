import { requireRecord } from '../../../network/lookup.ts'
import { subnets } from '../../../network/records.ts'
import { recordInventory } from '../../../stacks/record-inventory.ts'
import type { Properties, ResourceContext, ResourceState } from '../../../stacks/resource-type.ts'
import type { Ec2Deps } from '../deps.ts'
import { unlessThere } from '../input.ts'
import {
  derivedId,
  readTags,
  flagOf,
  removeWhenFree,
  requiredText,
  stackTags,
  tagProperties,
  textOf,
  type Ec2ResourceType,
} from '../stack-call.ts'

export const subnetType: Ec2ResourceType = {
  name: 'AWS::EC2::Subnet',
  properties: {
    VpcId: 'string',
    CidrBlock: 'string',
    AvailabilityZone: 'string',
    MapPublicIpOnLaunch: 'boolean',
    Tags: tagProperties,
  },
  required: ['VpcId', 'CidrBlock'],
  attributes: ['AvailabilityZone', 'SubnetId', 'VpcId', 'CidrBlock'],
  replaceOn: ['VpcId', 'CidrBlock', 'AvailabilityZone'],
  async create(properties, context, deps) {
    const subnetId = derivedId('subnet', context)
    const zone = textOf(properties, 'AvailabilityZone')
    await unlessThere(() =>
      deps.network.catalogue.createSubnet(context.scope, {
        subnetId,
        vpcId: requiredText(properties, 'VpcId'),
        cidr: requiredText(properties, 'CidrBlock'),
        ...(zone !== undefined && { zone }),
        tags: [],
      }),
    )
    await context.started(subnetId)
    return settle(subnetId, { properties, context, deps })
  },
  update: ({ physicalId, after }, context, deps) =>
    settle(physicalId, { properties: after, context, deps }),
  async read({ physicalId }, context, { store }) {
    const found = await store.find(subnets, context.scope, physicalId)
    if (!found) return undefined
    const { vpcId, cidr, zone, assignsPublicAddress, tags } = found.value
    return {
      VpcId: vpcId,
      CidrBlock: cidr,
      AvailabilityZone: zone,
      MapPublicIpOnLaunch: assignsPublicAddress,
      ...readTags(tags, context),
    }
  },
  async remove({ physicalId }, context, { network }) {
    await removeWhenFree(physicalId, context, () =>
      network.catalogue.deleteSubnet(context.scope, physicalId),
    )
  },
  inventory: ({ store }) =>
    recordInventory(store, subnets, {
      identifier: 'SubnetId',
      describe({ id, value }) {
        const { vpcId, cidr, zone, assignsPublicAddress, tags } = value
        return {
          ...{ SubnetId: id, VpcId: vpcId, CidrBlock: cidr, AvailabilityZone: zone },
          ...{ MapPublicIpOnLaunch: assignsPublicAddress, Tags: tags },
        }
      },
    }),
}

async function settle(
  subnetId: string,
  at: { properties: Properties; context: ResourceContext; deps: Ec2Deps },
): Promise<ResourceState> {
  const { properties, context, deps } = at
  const assignsPublicAddress = flagOf(properties, 'MapPublicIpOnLaunch') ?? false
  const tags = stackTags(properties, context)
  await deps.network.catalogue.changeSubnet(context.scope, subnetId, (subnet) => ({
    ...subnet,
    assignsPublicAddress,
    tags,
  }))
  const { value } = await requireRecord(deps.store, subnets, context.scope, subnetId)
  return {
    physicalId: subnetId,
    attributes: {
      SubnetId: subnetId,
      VpcId: value.vpcId,
      CidrBlock: value.cidr,
      AvailabilityZone: value.zone,
    },
  }
}

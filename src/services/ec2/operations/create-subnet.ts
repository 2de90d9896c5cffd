import { required, tagsFor, tagSpecifications } from '../input.ts'
import { subnetView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

export const createSubnet: Ec2Operation<'CreateSubnet'> = {
  accepts: {
    VpcId: true,
    CidrBlock: true,
    AvailabilityZone: true,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { network }) {
    const subnet = await network.catalogue.createSubnet(scope, {
      vpcId: required(input.VpcId, 'vpcId'),
      cidr: required(input.CidrBlock, 'CidrBlock'),
      ...(input.AvailabilityZone !== undefined && { zone: input.AvailabilityZone }),
      tags: tagsFor('subnet', input.TagSpecifications),
    })
    return { Subnet: subnetView(subnet, { scope, addressesTaken: 0 }) }
  },
}

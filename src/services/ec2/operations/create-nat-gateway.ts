import { missingParameter } from '../errors.ts'
import { idOfToken, required, tagsFor, tagSpecifications } from '../input.ts'
import { natGatewayView } from '../nat-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const createNatGateway: Ec2Operation<'CreateNatGateway'> = {
  accepts: {
    SubnetId: true,
    AllocationId: true,
    ConnectivityType: true,
    PrivateIpAddress: true,
    TagSpecifications: tagSpecifications,
    ClientToken: true,
  },
  async handle(input, { scope, id: requestId }, { network }) {
    const { ClientToken = requestId, AllocationId, PrivateIpAddress } = input
    const isPrivate = input.ConnectivityType === 'private'
    if (!isPrivate && AllocationId === undefined) throw missingParameter('AllocationId')
    const made = await network.natGateways.create(scope, {
      natGatewayId: idOfToken('nat', ClientToken),
      subnetId: required(input.SubnetId, 'subnetId'),
      ...(!isPrivate && AllocationId !== undefined && { allocationId: AllocationId }),
      ...(PrivateIpAddress !== undefined && { privateAddress: PrivateIpAddress }),
      tags: tagsFor('natgateway', input.TagSpecifications),
    })
    return { NatGateway: natGatewayView(made), ClientToken }
  },
}

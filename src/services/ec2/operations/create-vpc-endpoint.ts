import { requireRecord } from '../../../network/lookup.ts'
import { vpcs } from '../../../network/records.ts'
import { noEndpointService } from '../errors.ts'
import { required, tagSpecifications } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** There are no endpoint services here, so every name of one is refused in EC2's own words. */
export const createVpcEndpoint: Ec2Operation<'CreateVpcEndpoint'> = {
  accepts: {
    VpcId: true,
    ServiceName: true,
    VpcEndpointType: true,
    RouteTableIds: true,
    SubnetIds: true,
    SecurityGroupIds: true,
    PrivateDnsEnabled: true,
    PolicyDocument: true,
    IpAddressType: true,
    ClientToken: true,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { store }) {
    await requireRecord(store, vpcs, scope, required(input.VpcId, 'VpcId'))
    throw noEndpointService(required(input.ServiceName, 'ServiceName'))
  },
}

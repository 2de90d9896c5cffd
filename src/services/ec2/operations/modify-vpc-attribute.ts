import { is } from '../../../wire/accept.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const modifyVpcAttribute: Ec2Operation<'ModifyVpcAttribute'> = {
  accepts: {
    VpcId: true,
    EnableDnsHostnames: { Value: true },
    // The resolver of a VPC is always there.
    EnableDnsSupport: { Value: is(true) },
  },
  async handle(input, { scope }, { network }) {
    const vpcId = required(input.VpcId, 'vpcId')
    const hostnames = input.EnableDnsHostnames?.Value
    await network.catalogue.changeVpc(scope, vpcId, (vpc) =>
      hostnames === undefined ? vpc : { ...vpc, dnsHostnames: hostnames },
    )
    return {}
  },
}

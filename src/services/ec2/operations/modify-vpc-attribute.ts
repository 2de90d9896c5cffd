import { is } from '../../../wire/accept.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const modifyVpcAttribute: Ec2Operation<'ModifyVpcAttribute'> = {
  accepts: {
    VpcId: true,
    EnableDnsHostnames: { Value: true },
    EnableDnsSupport: { Value: true },
    EnableNetworkAddressUsageMetrics: { Value: is(false) },
  },
  async handle(input, { scope }, { network }) {
    const vpcId = required(input.VpcId, 'vpcId')
    const hostnames = input.EnableDnsHostnames?.Value
    const support = input.EnableDnsSupport?.Value
    await network.catalogue.changeVpc(scope, vpcId, (vpc) => ({
      ...vpc,
      ...(hostnames !== undefined && { dnsHostnames: hostnames }),
      ...(support !== undefined && { dnsSupport: support }),
    }))
    return {}
  },
}

import { requireRecord } from '../../../network/lookup.ts'
import { vpcs } from '../../../network/records.ts'
import { invalidParameterValue } from '../errors.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeVpcAttribute: Ec2Operation<'DescribeVpcAttribute'> = {
  accepts: { VpcId: true, Attribute: true },
  async handle(input, { scope }, { store }) {
    const { value } = await requireRecord(store, vpcs, scope, required(input.VpcId, 'vpcId'))
    const answer = { VpcId: value.vpcId }
    const attribute: string = input.Attribute ?? ''
    switch (attribute) {
      case 'enableDnsHostnames':
        return { ...answer, EnableDnsHostnames: { Value: value.dnsHostnames } }
      case 'enableDnsSupport':
        return { ...answer, EnableDnsSupport: { Value: value.dnsSupport } }
      case 'enableNetworkAddressUsageMetrics':
        return { ...answer, EnableNetworkAddressUsageMetrics: { Value: false } }
      default:
        throw invalidParameterValue(attribute, 'attribute')
    }
  },
}

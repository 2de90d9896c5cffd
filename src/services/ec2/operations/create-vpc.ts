import { is } from '../../../wire/accept.ts'
import { required, tagsFor, tagSpecifications } from '../input.ts'
import { vpcView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

export const createVpc: Ec2Operation<'CreateVpc'> = {
  accepts: {
    CidrBlock: true,
    InstanceTenancy: is('default'),
    AmazonProvidedIpv6CidrBlock: is(false),
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { network }) {
    const cidr = required(input.CidrBlock, 'CidrBlock')
    const tags = tagsFor('vpc', input.TagSpecifications)
    const vpc = await network.catalogue.createVpc(scope, { cidr, tags })
    return { Vpc: { ...vpcView(vpc, scope), State: 'pending' } }
  },
}

import { is } from '../../../wire/accept.ts'
import { tagsFor, tagSpecifications } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const allocateAddress: Ec2Operation<'AllocateAddress'> = {
  accepts: {
    Domain: is('vpc'),
    PublicIpv4Pool: is('amazon'),
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { network }) {
    const tags = tagsFor('elastic-ip', input.TagSpecifications)
    const address = await network.elastic.allocate(scope, { tags })
    return {
      AllocationId: address.allocationId,
      PublicIp: address.publicAddress,
      PublicIpv4Pool: 'amazon',
      NetworkBorderGroup: scope.region,
      Domain: 'vpc',
    }
  },
}

import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteSubnet: Ec2Operation<'DeleteSubnet'> = {
  accepts: { SubnetId: true },
  async handle(input, { scope }, { network }) {
    await network.catalogue.deleteSubnet(scope, required(input.SubnetId, 'subnetId'))
    return {}
  },
}

import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteVpc: Ec2Operation<'DeleteVpc'> = {
  accepts: { VpcId: true },
  async handle(input, { scope }, { network }) {
    await network.catalogue.deleteVpc(scope, required(input.VpcId, 'vpcId'))
    return {}
  },
}

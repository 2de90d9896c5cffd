import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteNetworkAcl: Ec2Operation<'DeleteNetworkAcl'> = {
  accepts: { NetworkAclId: true },
  async handle(input, { scope }, { network }) {
    await network.acls.delete(scope, required(input.NetworkAclId, 'networkAclId'))
    return {}
  },
}

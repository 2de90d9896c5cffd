import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const replaceNetworkAclAssociation: Ec2Operation<'ReplaceNetworkAclAssociation'> = {
  accepts: { AssociationId: true, NetworkAclId: true },
  async handle(input, { scope }, { network }) {
    const associationId = required(input.AssociationId, 'associationId')
    const networkAclId = required(input.NetworkAclId, 'networkAclId')
    return {
      NewAssociationId: await network.acls.replaceAssociation(scope, associationId, networkAclId),
    }
  },
}

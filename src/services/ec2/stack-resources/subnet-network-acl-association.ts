import { removeWhenFree, requiredText, type Ec2ResourceType } from '../stack-call.ts'
import { aclAssociationId } from '../../../network/acls.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { subnets } from '../../../network/records.ts'

export const subnetNetworkAclAssociationType: Ec2ResourceType = {
  name: 'AWS::EC2::SubnetNetworkAclAssociation',
  properties: { NetworkAclId: 'string', SubnetId: 'string' },
  required: ['NetworkAclId', 'SubnetId'],
  attributes: ['AssociationId'],
  replaceOn: ['NetworkAclId', 'SubnetId'],
  async create(properties, context, { network }) {
    const physicalId = await network.acls.associate(
      context.scope,
      requiredText(properties, 'SubnetId'),
      requiredText(properties, 'NetworkAclId'),
    )
    await context.started(physicalId)
    return { physicalId, attributes: { AssociationId: physicalId } }
  },
  /** The subnet goes back to the default ACL, unless it has another association by now. */
  async remove({ physicalId }, context, { network, store }) {
    const all = await valuesOf(store, subnets, context.scope)
    const subnet = all.find((each) => aclAssociationId(each) === physicalId)
    if (!subnet) return
    await removeWhenFree(physicalId, context, () =>
      network.acls.associate(context.scope, subnet.subnetId, undefined),
    )
  },
}

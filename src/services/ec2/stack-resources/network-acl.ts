import { networkAcls } from '../../../network/records.ts'
import { modify } from '../../../store/records.ts'
import { unlessThere } from '../input.ts'
import {
  derivedId,
  removeWhenFree,
  requiredText,
  stackTags,
  tagProperties,
  type Ec2ResourceType,
} from '../stack-call.ts'

export const networkAclType: Ec2ResourceType = {
  name: 'AWS::EC2::NetworkAcl',
  properties: { VpcId: 'string', Tags: tagProperties },
  required: ['VpcId'],
  attributes: ['Id'],
  replaceOn: ['VpcId'],
  async create(properties, context, { network }) {
    const networkAclId = derivedId('acl', context)
    const vpcId = requiredText(properties, 'VpcId')
    const tags = stackTags(properties, context)
    await unlessThere(() => network.acls.create(context.scope, { networkAclId, vpcId, tags }))
    await context.started(networkAclId)
    return { physicalId: networkAclId, attributes: { Id: networkAclId } }
  },
  async update({ physicalId, after }, context, { store }) {
    const tags = stackTags(after, context)
    const at = { kind: networkAcls, scope: context.scope, id: physicalId }
    await modify(store, at, (acl) => ({ ...acl, tags }))
    return { physicalId, attributes: { Id: physicalId } }
  },
  async remove({ physicalId }, context, { network }) {
    await removeWhenFree(physicalId, context, () => network.acls.delete(context.scope, physicalId))
  },
}

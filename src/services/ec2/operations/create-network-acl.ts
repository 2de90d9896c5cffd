import { aclView } from '../acl-view.ts'
import { idOfToken, required, tagsFor, tagSpecifications, unlessThere } from '../input.ts'
import { requireRecord } from '../../../network/lookup.ts'
import { networkAcls } from '../../../network/records.ts'
import type { Ec2Operation } from '../deps.ts'

export const createNetworkAcl: Ec2Operation<'CreateNetworkAcl'> = {
  accepts: { VpcId: true, TagSpecifications: tagSpecifications, ClientToken: true },
  async handle(input, { scope, id: requestId }, { network, store }) {
    const vpcId = required(input.VpcId, 'vpcId')
    const tags = tagsFor('network-acl', input.TagSpecifications)
    const ClientToken = input.ClientToken ?? requestId
    const networkAclId = idOfToken('acl', `${vpcId} ${ClientToken}`)
    await unlessThere(() => network.acls.create(scope, { networkAclId, vpcId, tags }))
    const { value } = await requireRecord(store, networkAcls, scope, networkAclId)
    return { NetworkAcl: aclView(value, { scope, guarded: [] }), ClientToken }
  },
}

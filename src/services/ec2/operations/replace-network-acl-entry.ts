import { entryMembers, entryOf } from '../acl-entry.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const replaceNetworkAclEntry: Ec2Operation<'ReplaceNetworkAclEntry'> = {
  accepts: entryMembers,
  async handle(input, { scope }, { network }) {
    const { IcmpTypeCode, PortRange, ...given } = input
    const entry = entryOf({
      ...given,
      ...(PortRange && { PortRange }),
      ...(IcmpTypeCode && { Icmp: IcmpTypeCode }),
    })
    const networkAclId = required(input.NetworkAclId, 'networkAclId')
    await network.acls.putEntry(scope, networkAclId, { entry, mode: 'replace' })
    return {}
  },
}

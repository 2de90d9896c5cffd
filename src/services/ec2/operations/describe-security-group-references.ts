import { requireRecord } from '../../../network/lookup.ts'
import { securityGroups } from '../../../network/records.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: they are those of peered VPCs, and nobody can peer any. */
export const describeSecurityGroupReferences: Ec2Operation<'DescribeSecurityGroupReferences'> = {
  accepts: { GroupId: true },
  async handle(input, { scope }, { store }) {
    for (const id of required(input.GroupId, 'GroupId')) {
      await requireRecord(store, securityGroups, scope, id)
    }
    return { SecurityGroupReferenceSet: [] }
  },
}

import { requireRecord } from '../../../network/lookup.ts'
import { vpcs } from '../../../network/records.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: rules go stale over peered VPCs, and nobody can peer any. */
export const describeStaleSecurityGroups: Ec2Operation<'DescribeStaleSecurityGroups'> = {
  accepts: { VpcId: true, NextToken: true, MaxResults: true },
  async handle(input, { scope }, { store }) {
    await requireRecord(store, vpcs, scope, required(input.VpcId, 'VpcId'))
    return { StaleSecurityGroupSet: [] }
  },
}

import { requireRecord } from '../../../network/lookup.ts'
import { vpcs } from '../../../network/records.ts'
import { vpcView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

export const createDefaultVpc: Ec2Operation<'CreateDefaultVpc'> = {
  accepts: {},
  async handle(_input, { scope }, { network, store }) {
    const vpcId = await network.createDefaultVpc(scope)
    const vpc = await requireRecord(store, vpcs, scope, vpcId)
    return { Vpc: vpcView(vpc.value, scope) }
  },
}

import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteNetworkAclEntry: Ec2Operation<'DeleteNetworkAclEntry'> = {
  accepts: { NetworkAclId: true, RuleNumber: true, Egress: true },
  async handle(input, { scope }, { network }) {
    await network.acls.deleteEntry(scope, required(input.NetworkAclId, 'networkAclId'), {
      ruleNumber: required(input.RuleNumber, 'ruleNumber'),
      direction: input.Egress === true ? 'egress' : 'ingress',
    })
    return {}
  },
}

import { is } from '../../../wire/accept.ts'
import type { Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireBalancer } from '../find.ts'
import { privateLinkView } from '../views.ts'

export const setSecurityGroups: Elbv2Operation<'SetSecurityGroups'> = {
  accepts: {
    LoadBalancerArn: true,
    SecurityGroups: true,
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: is('on'),
  },
  async handle(input, { scope }, deps) {
    const { balancerId, vpcId, type } = await requireBalancer(deps, scope, input.LoadBalancerArn)
    const securityGroupIds = input.SecurityGroups ?? []
    if (securityGroupIds.length === 0) {
      throw validationError('At least one security group must be specified')
    }
    const { balancers } = deps.balance
    await balancers.checkSecurityGroups(scope, vpcId, securityGroupIds)
    await balancers.modify(scope, balancerId, (known) => ({ ...known, securityGroupIds }))
    return { SecurityGroupIds: securityGroupIds, ...privateLinkView(type) }
  },
}

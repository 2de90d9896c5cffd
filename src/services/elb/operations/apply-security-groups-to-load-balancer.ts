import type { ElbOperation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireBalancer } from '../find.ts'
import { checkSecurityGroups } from '../security-groups.ts'

export const applySecurityGroupsToLoadBalancer: ElbOperation<'ApplySecurityGroupsToLoadBalancer'> =
  {
    accepts: { LoadBalancerName: true, SecurityGroups: true },
    async handle(input, { scope }, deps) {
      const { name, vpcId } = await requireBalancer(deps, scope, input.LoadBalancerName)
      const securityGroupIds = input.SecurityGroups ?? []
      if (securityGroupIds.length === 0) throw validationError('SecurityGroups must not be empty')
      await checkSecurityGroups(deps, scope, { vpcId, groupIds: securityGroupIds })
      await deps.balance.classics.modify(scope, name, (balancer) => ({
        ...balancer,
        securityGroupIds,
        isInSharedGroup: false,
      }))
      return { SecurityGroups: securityGroupIds }
    },
  }

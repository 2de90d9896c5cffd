import { required } from '../input.ts'
import { rulesOf, permissions } from '../permissions.ts'
import type { Ec2Operation } from '../deps.ts'

export const revokeSecurityGroupEgress: Ec2Operation<'RevokeSecurityGroupEgress'> = {
  accepts: { GroupId: true, IpPermissions: permissions, SecurityGroupRuleIds: true },
  async handle(input, { scope }, deps) {
    const groupId = required(input.GroupId, 'groupId')
    const at = { groupId, direction: 'egress' } as const
    const { security } = deps.network
    if (input.SecurityGroupRuleIds && input.SecurityGroupRuleIds.length > 0) {
      await security.revokeById(scope, at, input.SecurityGroupRuleIds)
    } else {
      const rules = await rulesOf(deps, scope, { groupId, permissions: input.IpPermissions ?? [] })
      await security.revoke(scope, at, rules)
    }
    return { Return: true }
  },
}

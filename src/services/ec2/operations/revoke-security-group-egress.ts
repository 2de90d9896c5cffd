import { revokedView } from '../network-views.ts'
import { required } from '../input.ts'
import { rulesOf, permissions } from '../permissions.ts'
import type { Ec2Operation } from '../deps.ts'

export const revokeSecurityGroupEgress: Ec2Operation<'RevokeSecurityGroupEgress'> = {
  accepts: { GroupId: true, IpPermissions: permissions, SecurityGroupRuleIds: true },
  async handle(input, { scope }, deps) {
    const groupId = required(input.GroupId, 'groupId')
    const at = { groupId, direction: 'egress' } as const
    const { security } = deps.network
    const revoke = async () => {
      if (input.SecurityGroupRuleIds && input.SecurityGroupRuleIds.length > 0) {
        return security.revokeById(scope, at, input.SecurityGroupRuleIds)
      }
      const rules = await rulesOf(deps, scope, { groupId, permissions: input.IpPermissions ?? [] })
      return security.revoke(scope, at, rules)
    }
    const revoked = await revoke()
    return {
      Return: true,
      RevokedSecurityGroupRules: revoked.map((rule) => revokedView(rule, groupId)),
    }
  },
}

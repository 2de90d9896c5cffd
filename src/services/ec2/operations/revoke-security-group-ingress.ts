import { revokedView } from '../network-views.ts'
import { rulesOf, permissions, permissionsOf, groupIdOf } from '../permissions.ts'
import type { Ec2Operation } from '../deps.ts'

export const revokeSecurityGroupIngress: Ec2Operation<'RevokeSecurityGroupIngress'> = {
  accepts: {
    GroupId: true,
    GroupName: true,
    IpPermissions: permissions,
    IpProtocol: true,
    FromPort: true,
    ToPort: true,
    CidrIp: true,
    SecurityGroupRuleIds: true,
  },
  async handle(input, { scope }, deps) {
    const groupId = await groupIdOf(deps, scope, input)
    const at = { groupId, direction: 'ingress' } as const
    const { security } = deps.network
    const revoke = async () => {
      if (input.SecurityGroupRuleIds && input.SecurityGroupRuleIds.length > 0) {
        return security.revokeById(scope, at, input.SecurityGroupRuleIds)
      }
      const rules = await rulesOf(deps, scope, { groupId, permissions: permissionsOf(input) })
      return security.revoke(scope, at, rules)
    }
    const revoked = await revoke()
    return {
      Return: true,
      RevokedSecurityGroupRules: revoked.map((rule) => revokedView(rule, groupId)),
    }
  },
}

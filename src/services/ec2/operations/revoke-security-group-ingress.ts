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
    if (input.SecurityGroupRuleIds && input.SecurityGroupRuleIds.length > 0) {
      await security.revokeById(scope, at, input.SecurityGroupRuleIds)
    } else {
      const rules = await rulesOf(deps, scope, { groupId, permissions: permissionsOf(input) })
      await security.revoke(scope, at, rules)
    }
    return { Return: true }
  },
}

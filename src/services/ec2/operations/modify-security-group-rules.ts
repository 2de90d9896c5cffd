import type { IpPermission, SecurityGroupRuleRequest } from '@aws-sdk/client-ec2'
import type { RuleUpdate } from '../../../network/group-rules.ts'
import { invalidCombination } from '../errors.ts'
import { required } from '../input.ts'
import { rulesOf } from '../permissions.ts'
import type { Ec2Operation } from '../deps.ts'

export const modifySecurityGroupRules: Ec2Operation<'ModifySecurityGroupRules'> = {
  accepts: {
    GroupId: true,
    SecurityGroupRules: {
      SecurityGroupRuleId: true,
      SecurityGroupRule: {
        IpProtocol: true,
        FromPort: true,
        ToPort: true,
        CidrIpv4: true,
        CidrIpv6: true,
        ReferencedGroupId: true,
        Description: true,
      },
    },
  },
  async handle(input, { scope }, deps) {
    const groupId = required(input.GroupId, 'GroupId')
    const given = required(input.SecurityGroupRules, 'SecurityGroupRule')
    const updates: RuleUpdate[] = []
    for (const { SecurityGroupRuleId, SecurityGroupRule } of given) {
      const ruleId = required(SecurityGroupRuleId, 'SecurityGroupRuleId')
      const permission = permissionOf(required(SecurityGroupRule, 'SecurityGroupRule'))
      const [rule] = await rulesOf(deps, scope, { groupId, permissions: [permission] })
      if (rule) updates.push({ ruleId, rule })
    }
    await deps.network.security.reword(scope, groupId, updates)
    return { Return: true }
  },
}

/** A rule with its one peer, as a permission. */
function permissionOf(rule: SecurityGroupRuleRequest): IpPermission {
  const { IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6, ReferencedGroupId, Description } = rule
  const peers = [CidrIpv4, CidrIpv6, ReferencedGroupId].filter(Boolean)
  if (peers.length !== 1) {
    throw invalidCombination(
      'Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId must be specified.',
    )
  }
  return {
    IpProtocol: required(IpProtocol, 'IpProtocol'),
    FromPort,
    ToPort,
    ...(CidrIpv4 && { IpRanges: [{ CidrIp: CidrIpv4, Description }] }),
    ...(CidrIpv6 && { Ipv6Ranges: [{ CidrIpv6, Description }] }),
    ...(ReferencedGroupId && { UserIdGroupPairs: [{ GroupId: ReferencedGroupId, Description }] }),
  }
}

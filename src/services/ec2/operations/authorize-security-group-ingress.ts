import { tagsFor, tagSpecifications } from '../input.ts'
import { ruleView } from '../network-views.ts'
import { rulesOf, permissions, permissionsOf, groupIdOf } from '../permissions.ts'
import type { Ec2Operation } from '../deps.ts'

export const authorizeSecurityGroupIngress: Ec2Operation<'AuthorizeSecurityGroupIngress'> = {
  accepts: {
    GroupId: true,
    GroupName: true,
    IpPermissions: permissions,
    IpProtocol: true,
    FromPort: true,
    ToPort: true,
    CidrIp: true,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, deps) {
    const groupId = await groupIdOf(deps, scope, input)
    const rules = await rulesOf(deps, scope, { groupId, permissions: permissionsOf(input) })
    const tags = tagsFor('security-group-rule', input.TagSpecifications)
    const at = { groupId, direction: 'ingress', tags } as const
    const made = await deps.network.security.authorize(scope, at, rules)
    return {
      Return: true,
      SecurityGroupRules: made.map((rule) => ruleView(rule, groupId, scope)),
    }
  },
}

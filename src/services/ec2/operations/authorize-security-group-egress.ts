import { required, tagsFor, tagSpecifications } from '../input.ts'
import { ruleView } from '../network-views.ts'
import { rulesOf, permissions } from '../permissions.ts'
import type { Ec2Operation } from '../deps.ts'

export const authorizeSecurityGroupEgress: Ec2Operation<'AuthorizeSecurityGroupEgress'> = {
  accepts: { GroupId: true, IpPermissions: permissions, TagSpecifications: tagSpecifications },
  async handle(input, { scope }, deps) {
    const groupId = required(input.GroupId, 'groupId')
    const rules = await rulesOf(deps, scope, { groupId, permissions: input.IpPermissions ?? [] })
    const tags = tagsFor('security-group-rule', input.TagSpecifications)
    const at = { groupId, direction: 'egress', tags } as const
    const made = await deps.network.security.authorize(scope, at, rules)
    return {
      Return: true,
      SecurityGroupRules: made.map((rule) => ruleView(rule, groupId, scope)),
    }
  },
}

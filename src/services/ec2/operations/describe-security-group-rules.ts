import type { GroupRule } from '../../../network/records.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { securityGroups } from '../../../network/records.ts'
import { ruleIdNotFound } from '../errors.ts'
import { filtered, paged, chosen, type FilterFields } from '../filters.ts'
import { describing } from '../input.ts'
import { ruleView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

const fields: FilterFields<GroupRule & { groupId: string }> = {
  'group-id': (rule) => rule.groupId,
  'security-group-rule-id': (rule) => rule.ruleId,
}

export const describeSecurityGroupRules: Ec2Operation<'DescribeSecurityGroupRules'> = {
  accepts: { SecurityGroupRuleIds: true, ...describing },
  async handle(input, { scope }, { network, store }) {
    await network.ensureDefaultVpc(scope)
    const groups = await valuesOf(store, securityGroups, scope)
    const all = groups.flatMap(({ groupId, rules }) => rules.map((rule) => ({ ...rule, groupId })))
    const wanted = chosen(all, input.SecurityGroupRuleIds, {
      idOf: (rule) => rule.ruleId,
      missing: ruleIdNotFound,
    })
    const shown = filtered(wanted, input.Filters, fields)
    const { items, ...page } = paged(shown, (rule) => rule.ruleId, input)
    return { SecurityGroupRules: items.map((rule) => ruleView(rule, rule.groupId, scope)), ...page }
  },
}

import type { Elbv2Operation } from '../deps.ts'
import { defaultRuleIsFixed } from '../errors.ts'
import { isDefaultRule, requireRule } from '../find.ts'
import { ruleView } from '../views.ts'
import { checkPriority } from './create-rule.ts'

export const setRulePriorities: Elbv2Operation<'SetRulePriorities'> = {
  accepts: { RulePriorities: { RuleArn: true, Priority: true } },
  async handle(input, { scope }, deps) {
    const priorities = await Promise.all(
      (input.RulePriorities ?? []).map(async ({ RuleArn, Priority }) => {
        if (isDefaultRule(RuleArn)) throw defaultRuleIsFixed(RuleArn, 'modified')
        const { ruleId } = await requireRule(deps, scope, RuleArn)
        return { ruleId, priority: checkPriority(Priority) }
      }),
    )
    const rules = await deps.balance.listeners.setPriorities(scope, priorities)
    return { Rules: rules.map((rule) => ruleView(scope, rule)) }
  },
}

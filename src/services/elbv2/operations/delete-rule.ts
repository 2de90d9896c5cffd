import type { Elbv2Operation } from '../deps.ts'
import { defaultRuleIsFixed } from '../errors.ts'
import { isDefaultRule, requireRule } from '../find.ts'

export const deleteRule: Elbv2Operation<'DeleteRule'> = {
  accepts: { RuleArn: true },
  async handle(input, { scope }, deps) {
    if (isDefaultRule(input.RuleArn)) throw defaultRuleIsFixed(input.RuleArn, 'deleted')
    const { ruleId } = await requireRule(deps, scope, input.RuleArn)
    await deps.balance.listeners.removeRule(scope, ruleId)
    return {}
  },
}

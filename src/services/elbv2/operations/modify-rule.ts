import { acceptedAction, readActions } from '../actions.ts'
import { acceptedCondition, readConditions } from '../conditions.ts'
import type { Elbv2Operation } from '../deps.ts'
import { defaultRuleIsFixed } from '../errors.ts'
import { isDefaultRule, requireRule } from '../find.ts'
import { ruleView } from '../views.ts'

export const modifyRule: Elbv2Operation<'ModifyRule'> = {
  accepts: { RuleArn: true, Conditions: acceptedCondition, Actions: acceptedAction },
  async handle(input, { scope }, deps) {
    if (isDefaultRule(input.RuleArn)) throw defaultRuleIsFixed(input.RuleArn, 'modified')
    const { ruleId } = await requireRule(deps, scope, input.RuleArn)
    const { Conditions, Actions } = input
    const rule = await deps.balance.listeners.modifyRule(scope, ruleId, {
      ...(Conditions === undefined ? {} : { conditions: readConditions(Conditions) }),
      ...(Actions === undefined ? {} : { action: readActions(scope, Actions) }),
    })
    return { Rules: [ruleView(scope, rule)] }
  },
}

import type { Elbv2Operation } from '../deps.ts'
import { operationNotPermitted } from '../errors.ts'
import { requireRule } from '../find.ts'

export const deleteRule: Elbv2Operation<'DeleteRule'> = {
  accepts: { RuleArn: true },
  async handle(input, { scope }, deps) {
    if (input.RuleArn?.endsWith('/default') === true) {
      throw operationNotPermitted(`Default rule '${input.RuleArn}' cannot be deleted`)
    }
    const { ruleId } = await requireRule(deps, scope, input.RuleArn)
    await deps.balance.listeners.removeRule(scope, ruleId)
    return {}
  },
}

import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Scope } from '../../../kernel/scope.ts'
import type { Elbv2Deps, Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { defaultSuffix, isDefaultRule, requireListener, requireRule } from '../find.ts'
import { paged } from '../paging.ts'
import { defaultRuleView, ruleView } from '../views.ts'

export const describeRules: Elbv2Operation<'DescribeRules'> = {
  accepts: { ListenerArn: true, RuleArns: true, Marker: true, PageSize: true },
  async handle(input, { scope }, deps) {
    const arns = input.RuleArns ?? []
    if (input.ListenerArn === undefined && arns.length === 0) {
      throw validationError('You must specify either listener rule ARNs or a listener ARN')
    }
    if (input.ListenerArn !== undefined && arns.length > 0) {
      throw validationError(
        'Listener rule ARNs and a listener ARN cannot be specified at the same time',
      )
    }
    const found =
      input.ListenerArn === undefined
        ? await Promise.all(arns.map((arn) => ruleOf(deps, scope, arn)))
        : await rulesOf(deps, scope, input.ListenerArn)
    const page = paged(found, orderOf, input)
    return { Rules: [...page.items], NextMarker: page.NextMarker }
  },
}

async function rulesOf(deps: Elbv2Deps, scope: Scope, arn: string): Promise<readonly Rule[]> {
  const listener = await requireListener(deps, scope, arn)
  const rules = await deps.balance.listeners.listRules(scope, listener.listenerId)
  return [...rules.map((rule) => ruleView(scope, rule)), defaultRuleView(scope, listener)]
}

async function ruleOf(deps: Elbv2Deps, scope: Scope, arn: string): Promise<Rule> {
  if (!isDefaultRule(arn)) return ruleView(scope, await requireRule(deps, scope, arn))
  const listenerArn = arn.replace(':listener-rule/', ':listener/').slice(0, -defaultSuffix.length)
  return defaultRuleView(scope, await requireListener(deps, scope, listenerArn))
}

/** By listener, then by priority, the default last. */
function orderOf(rule: Rule): string {
  const priority = rule.IsDefault === true ? '99999' : (rule.Priority ?? '').padStart(5, '0')
  const arn = rule.RuleArn ?? ''
  return `${arn.slice(0, arn.lastIndexOf('/'))} ${priority}`
}

import type { CreateRuleInput } from '@aws-sdk/client-elastic-load-balancing-v2'
import { openBalanceArn, ruleArn } from '../../../balance/arns.ts'
import type { ResourceContext, ResourceState, ResourceType } from '../../../stacks/resource-type.ts'
import type { Elbv2Deps } from '../deps.ts'
import { createRule } from '../operations/create-rule.ts'
import { modifyRule } from '../operations/modify-rule.ts'
import { setRulePriorities } from '../operations/set-rule-priorities.ts'
import { callOperation, isOurs, pick, stackTags } from '../stack-call.ts'
import { actionProperties } from './listener.ts'

/** `AWS::ElasticLoadBalancingV2::ListenerRule`. */
export function listenerRuleType(deps: Elbv2Deps): ResourceType {
  return {
    name: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    properties: {
      ListenerArn: 'string',
      Priority: 'number',
      Conditions: {
        Field: 'string',
        Values: true,
        PathPatternConfig: { Values: true },
        HostHeaderConfig: { Values: true },
        HttpHeaderConfig: { HttpHeaderName: 'string', Values: true },
        HttpRequestMethodConfig: { Values: true },
        QueryStringConfig: { Values: { Key: 'string', Value: 'string' } },
        SourceIpConfig: { Values: true },
      },
      Actions: actionProperties,
    },
    required: ['Conditions', 'Actions'],
    attributes: ['RuleArn', 'IsDefault'],
    replaceOn: ['ListenerArn'],
    async create(properties, context) {
      const arn =
        (await madeBefore(deps, String(properties['ListenerArn']), context)) ?? (await make())
      await context.started(arn)
      return stateOf(arn)

      async function make(): Promise<string> {
        const input = {
          ...pick(properties, ['ListenerArn', 'Priority', 'Conditions', 'Actions']),
          Tags: stackTags({}, context),
        } as CreateRuleInput
        const made = await callOperation(createRule, 'CreateRule', input, { context, deps })
        return made.Rules?.[0]?.RuleArn ?? ''
      }
    },
    async update({ physicalId, before, after }, context) {
      const call = { context, deps }
      const input = { ...pick(after, ['Conditions', 'Actions']), RuleArn: physicalId }
      await callOperation(modifyRule, 'ModifyRule', input, call)
      if (before['Priority'] !== after['Priority']) {
        const RulePriorities = [{ RuleArn: physicalId, Priority: Number(after['Priority']) }]
        await callOperation(setRulePriorities, 'SetRulePriorities', { RulePriorities }, call)
      }
      return stateOf(physicalId)
    },
    async remove({ physicalId }, { scope }) {
      const opened = openBalanceArn(scope, physicalId)
      if (opened?.noun === 'listener-rule') {
        await deps.balance.listeners.removeRule(scope, opened.id)
      }
    },
  }
}

function stateOf(arn: string): ResourceState {
  return { physicalId: arn, attributes: { RuleArn: arn, IsDefault: false } }
}

async function madeBefore(
  deps: Elbv2Deps,
  listenerArn: string,
  context: ResourceContext,
): Promise<string | undefined> {
  const { scope } = context
  const listenerId = openBalanceArn(scope, listenerArn)?.id ?? ''
  const rules = await deps.balance.listeners.listRules(scope, listenerId)
  const known = rules.find((rule) => isOurs(rule.tags, context))
  return known && ruleArn(scope, known.ruleId)
}

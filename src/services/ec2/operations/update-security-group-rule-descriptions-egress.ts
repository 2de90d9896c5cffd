import { redescribeRules, ruleDescriptions } from '../rule-descriptions.ts'
import type { Ec2Operation } from '../deps.ts'

export const updateSecurityGroupRuleDescriptionsEgress: Ec2Operation<'UpdateSecurityGroupRuleDescriptionsEgress'> =
  {
    accepts: ruleDescriptions,
    async handle(input, { scope }, deps) {
      await redescribeRules(deps, scope, { input, direction: 'egress' })
      return { Return: true }
    },
  }

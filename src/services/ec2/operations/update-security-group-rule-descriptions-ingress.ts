import { redescribeRules, ruleDescriptions } from '../rule-descriptions.ts'
import type { Ec2Operation } from '../deps.ts'

export const updateSecurityGroupRuleDescriptionsIngress: Ec2Operation<'UpdateSecurityGroupRuleDescriptionsIngress'> =
  {
    accepts: ruleDescriptions,
    async handle(input, { scope }, deps) {
      await redescribeRules(deps, scope, { input, direction: 'ingress' })
      return { Return: true }
    },
  }

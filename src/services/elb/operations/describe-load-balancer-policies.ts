import type { ElbOperation } from '../deps.ts'
import { policyNotFound } from '../errors.ts'
import { requireBalancer } from '../find.ts'
import { predefinedPolicies } from '../ssl-negotiation.ts'
import { policyView } from '../policies.ts'

export const describeLoadBalancerPolicies: ElbOperation<'DescribeLoadBalancerPolicies'> = {
  accepts: { LoadBalancerName: true, PolicyNames: true },
  async handle(input, { scope }, deps) {
    const all = input.LoadBalancerName
      ? (await requireBalancer(deps, scope, input.LoadBalancerName)).policies
      : predefinedPolicies
    const names = input.PolicyNames ?? []
    const missing = names.find((name) => !all.some((policy) => policy.name === name))
    if (missing !== undefined) throw policyNotFound(missing)
    const found = all.filter((policy) => names.length === 0 || names.includes(policy.name))
    return { PolicyDescriptions: found.map(policyView) }
  },
}

import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'
import { readPolicy, withPolicy } from '../policies.ts'

export const createLoadBalancerPolicy: ElbOperation<'CreateLoadBalancerPolicy'> = {
  accepts: {
    LoadBalancerName: true,
    PolicyName: true,
    PolicyTypeName: true,
    PolicyAttributes: { AttributeName: true, AttributeValue: true },
  },
  async handle(input, { scope }, deps) {
    const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
    const policy = readPolicy(input.PolicyName, input.PolicyTypeName, input.PolicyAttributes)
    await deps.balance.classics.modify(scope, name, (balancer) => withPolicy(balancer, policy))
    return {}
  },
}

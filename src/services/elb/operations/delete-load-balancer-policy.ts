import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'
import { withoutPolicy } from '../policies.ts'

export const deleteLoadBalancerPolicy: ElbOperation<'DeleteLoadBalancerPolicy'> = {
  accepts: { LoadBalancerName: true, PolicyName: true },
  async handle(input, { scope }, deps) {
    const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
    await deps.balance.classics.modify(scope, name, (balancer) =>
      withoutPolicy(balancer, input.PolicyName ?? ''),
    )
    return {}
  },
}

import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'
import { withListenerPolicies } from '../policies.ts'

export const setLoadBalancerPoliciesOfListener: ElbOperation<'SetLoadBalancerPoliciesOfListener'> =
  {
    accepts: { LoadBalancerName: true, LoadBalancerPort: true, PolicyNames: true },
    async handle(input, { scope }, deps) {
      const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
      const port = input.LoadBalancerPort ?? 0
      await deps.balance.classics.modify(scope, name, (balancer) =>
        withListenerPolicies(balancer, port, input.PolicyNames ?? []),
      )
      return {}
    },
  }

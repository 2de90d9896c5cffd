import { attributesView } from '../attributes.ts'
import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'

export const describeLoadBalancerAttributes: ElbOperation<'DescribeLoadBalancerAttributes'> = {
  accepts: { LoadBalancerName: true },
  async handle(input, { scope }, deps) {
    const balancer = await requireBalancer(deps, scope, input.LoadBalancerName)
    return { LoadBalancerAttributes: attributesView(balancer) }
  },
}

import { listed } from '../attributes.ts'
import { balancerAttributesOf } from '../balancer-attributes.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireBalancer } from '../find.ts'

export const describeLoadBalancerAttributes: Elbv2Operation<'DescribeLoadBalancerAttributes'> = {
  accepts: { LoadBalancerArn: true },
  async handle(input, { scope }, deps) {
    const balancer = await requireBalancer(deps, scope, input.LoadBalancerArn)
    return { Attributes: listed(balancerAttributesOf(balancer), balancer) }
  },
}

import { listed, withAttributes } from '../attributes.ts'
import { balancerAttributesOf } from '../balancer-attributes.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireBalancer } from '../find.ts'

export const modifyLoadBalancerAttributes: Elbv2Operation<'ModifyLoadBalancerAttributes'> = {
  accepts: { LoadBalancerArn: true, Attributes: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const { balancerId } = await requireBalancer(deps, scope, input.LoadBalancerArn)
    const balancer = await deps.balance.balancers.modify(scope, balancerId, (known) =>
      withAttributes(balancerAttributesOf(known), known, input.Attributes ?? []),
    )
    return { Attributes: listed(balancerAttributesOf(balancer), balancer) }
  },
}

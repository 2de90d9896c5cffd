import { balancerAttributes, readBalancerAttributes } from '../attributes.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireBalancer } from '../find.ts'

export const modifyLoadBalancerAttributes: Elbv2Operation<'ModifyLoadBalancerAttributes'> = {
  accepts: { LoadBalancerArn: true, Attributes: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const { balancerId } = await requireBalancer(deps, scope, input.LoadBalancerArn)
    const change = readBalancerAttributes(input.Attributes ?? [])
    const balancer = await deps.balance.balancers.modify(scope, balancerId, (known) => ({
      ...known,
      ...change,
    }))
    return { Attributes: balancerAttributes(balancer) }
  },
}

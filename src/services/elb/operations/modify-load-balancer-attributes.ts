import { attributeMembers, attributesView, withAttributes } from '../attributes.ts'
import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'

export const modifyLoadBalancerAttributes: ElbOperation<'ModifyLoadBalancerAttributes'> = {
  accepts: { LoadBalancerName: true, LoadBalancerAttributes: attributeMembers },
  async handle(input, { scope }, deps) {
    const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
    const given = input.LoadBalancerAttributes ?? {}
    const changed = await deps.balance.classics.modify(scope, name, (balancer) =>
      withAttributes(balancer, given),
    )
    return { LoadBalancerName: name, LoadBalancerAttributes: attributesView(changed) }
  },
}

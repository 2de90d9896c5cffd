import { balancerArn } from '../../../balance/arns.ts'
import type { Balancer } from '../../../balance/records.ts'
import { listed, withAttributes } from '../attributes.ts'
import { balancerAttributesOf, checkBalancerAttributes } from '../balancer-attributes.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireBalancer } from '../find.ts'

export const modifyLoadBalancerAttributes: Elbv2Operation<'ModifyLoadBalancerAttributes'> = {
  accepts: { LoadBalancerArn: true, Attributes: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const before = await requireBalancer(deps, scope, input.LoadBalancerArn)
    const given = input.Attributes ?? []
    const change = (known: Balancer): Balancer => {
      const changed = withAttributes(balancerAttributesOf(known), known, given)
      checkBalancerAttributes(changed)
      return changed
    }
    const { balancerId } = before
    const { accessLog } = change(before)
    if (accessLog?.isEnabled && given.some(({ Key }) => Key?.startsWith('access_logs.'))) {
      await deps.balance.accessLogs.allow(scope, accessLog, balancerArn(scope, balancerId))
    }
    const balancer = await deps.balance.balancers.modify(scope, balancerId, change)
    return { Attributes: listed(balancerAttributesOf(balancer), balancer) }
  },
}

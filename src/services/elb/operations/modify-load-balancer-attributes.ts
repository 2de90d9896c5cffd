import { attributeMembers, attributesView, withAttributes } from '../attributes.ts'
import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'
import { allowLog } from '../allow-log.ts'

export const modifyLoadBalancerAttributes: ElbOperation<'ModifyLoadBalancerAttributes'> = {
  accepts: { LoadBalancerName: true, LoadBalancerAttributes: attributeMembers },
  async handle(input, { scope }, deps) {
    const known = await requireBalancer(deps, scope, input.LoadBalancerName)
    const { name } = known
    const given = input.LoadBalancerAttributes ?? {}
    await allowLog(deps, scope, withAttributes(known, given))
    const changed = await deps.balance.classics.modify(scope, name, (balancer) =>
      withAttributes(balancer, given),
    )
    return { LoadBalancerName: name, LoadBalancerAttributes: attributesView(changed) }
  },
}

import { balancerArn } from '../../../balance/arns.ts'
import type { Elbv2Operation } from '../deps.ts'
import { operationNotPermitted } from '../errors.ts'
import { idOf } from '../find.ts'

export const deleteLoadBalancer: Elbv2Operation<'DeleteLoadBalancer'> = {
  accepts: { LoadBalancerArn: true },
  async handle(input, { scope }, deps) {
    const balancerId = idOf(scope, 'loadbalancer', input.LoadBalancerArn)
    const balancer = await deps.balance.balancers.find(scope, balancerId)
    if (balancer?.isProtected === true) {
      const arn = balancerArn(scope, balancerId)
      throw operationNotPermitted(
        `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
      )
    }
    await deps.balance.balancers.remove(scope, balancerId)
    return {}
  },
}

import { balancerArn, openBalanceArn } from '../../../balance/arns.ts'
import type { Elbv2Operation } from '../deps.ts'
import { operationNotPermitted, validationError } from '../errors.ts'

export const deleteLoadBalancer: Elbv2Operation<'DeleteLoadBalancer'> = {
  accepts: { LoadBalancerArn: true },
  async handle(input, { scope }, deps) {
    const opened = openBalanceArn(scope, input.LoadBalancerArn ?? '')
    if (opened?.noun !== 'loadbalancer') {
      throw validationError(`'${input.LoadBalancerArn}' is not a valid load balancer ARN`)
    }
    const balancer = await deps.balance.balancers.find(scope, opened.id)
    if (balancer?.isProtected === true) {
      const arn = balancerArn(scope, opened.id)
      throw operationNotPermitted(
        `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
      )
    }
    await deps.balance.balancers.remove(scope, opened.id)
    return {}
  },
}

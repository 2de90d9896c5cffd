import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'
import { balancerCookiePolicy, withPolicy } from '../policies.ts'

export const createLbCookieStickinessPolicy: ElbOperation<'CreateLBCookieStickinessPolicy'> = {
  accepts: { LoadBalancerName: true, PolicyName: true, CookieExpirationPeriod: true },
  async handle(input, { scope }, deps) {
    const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
    const policy = balancerCookiePolicy(input.PolicyName, input.CookieExpirationPeriod)
    await deps.balance.classics.modify(scope, name, (balancer) => withPolicy(balancer, policy))
    return {}
  },
}

import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'
import { applicationCookiePolicy, withPolicy } from '../policies.ts'

export const createAppCookieStickinessPolicy: ElbOperation<'CreateAppCookieStickinessPolicy'> = {
  accepts: { LoadBalancerName: true, PolicyName: true, CookieName: true },
  async handle(input, { scope }, deps) {
    const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
    const policy = applicationCookiePolicy(input.PolicyName, input.CookieName)
    await deps.balance.classics.modify(scope, name, (balancer) => withPolicy(balancer, policy))
    return {}
  },
}

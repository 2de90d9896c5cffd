import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'
import { listenerMembers, readListeners, withListeners } from '../listeners.ts'

export const createLoadBalancerListeners: ElbOperation<'CreateLoadBalancerListeners'> = {
  accepts: { LoadBalancerName: true, Listeners: listenerMembers },
  async handle(input, { scope }, deps) {
    const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
    const listeners = await readListeners(deps, scope, input.Listeners)
    await deps.balance.classics.modify(scope, name, (balancer) =>
      withListeners(balancer, listeners),
    )
    return {}
  },
}

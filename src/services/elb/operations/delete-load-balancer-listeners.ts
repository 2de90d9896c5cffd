import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'

export const deleteLoadBalancerListeners: ElbOperation<'DeleteLoadBalancerListeners'> = {
  accepts: { LoadBalancerName: true, LoadBalancerPorts: true },
  async handle(input, { scope }, deps) {
    const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
    const ports = input.LoadBalancerPorts ?? []
    await deps.balance.classics.modify(scope, name, (balancer) => ({
      ...balancer,
      listeners: balancer.listeners.filter((listener) => !ports.includes(listener.port)),
    }))
    return {}
  },
}

import { removePlaces } from '../change-places.ts'
import type { ElbOperation } from '../deps.ts'

export const detachLoadBalancerFromSubnets: ElbOperation<'DetachLoadBalancerFromSubnets'> = {
  accepts: { LoadBalancerName: true, Subnets: true },
  async handle(input, { scope }, deps) {
    const leaving = input.Subnets ?? []
    const balancer = await removePlaces(deps, scope, {
      name: input.LoadBalancerName,
      isLeaving: (zone) => leaving.includes(zone.subnetId),
    })
    return { Subnets: balancer.zones.map((zone) => zone.subnetId) }
  },
}

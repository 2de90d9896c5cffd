import { addPlaces } from '../change-places.ts'
import type { ElbOperation } from '../deps.ts'

export const attachLoadBalancerToSubnets: ElbOperation<'AttachLoadBalancerToSubnets'> = {
  accepts: { LoadBalancerName: true, Subnets: true },
  async handle(input, { scope }, deps) {
    const places = { subnetIds: input.Subnets ?? [] }
    const balancer = await addPlaces(deps, scope, { name: input.LoadBalancerName, places })
    return { Subnets: balancer.zones.map((zone) => zone.subnetId) }
  },
}

import { addPlaces } from '../change-places.ts'
import type { ElbOperation } from '../deps.ts'

export const enableAvailabilityZonesForLoadBalancer: ElbOperation<'EnableAvailabilityZonesForLoadBalancer'> =
  {
    accepts: { LoadBalancerName: true, AvailabilityZones: true },
    async handle(input, { scope }, deps) {
      const places = { zones: input.AvailabilityZones ?? [] }
      const balancer = await addPlaces(deps, scope, { name: input.LoadBalancerName, places })
      return { AvailabilityZones: balancer.zones.map((zone) => zone.zone) }
    },
  }

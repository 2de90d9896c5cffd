import { removePlaces } from '../change-places.ts'
import type { ElbOperation } from '../deps.ts'

export const disableAvailabilityZonesForLoadBalancer: ElbOperation<'DisableAvailabilityZonesForLoadBalancer'> =
  {
    accepts: { LoadBalancerName: true, AvailabilityZones: true },
    async handle(input, { scope }, deps) {
      const leaving = input.AvailabilityZones ?? []
      const balancer = await removePlaces(deps, scope, {
        name: input.LoadBalancerName,
        isLeaving: (zone) => leaving.includes(zone.zone),
      })
      return { AvailabilityZones: balancer.zones.map((zone) => zone.zone) }
    },
  }

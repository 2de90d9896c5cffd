import type { ClassicPlaces } from '../../balance/classic-catalogue.ts'
import type { ClassicBalancer } from '../../balance/classic-records.ts'
import type { BalancerZone } from '../../balance/records.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { ElbDeps } from './deps.ts'
import { invalidConfiguration } from './errors.ts'
import { requireBalancer } from './find.ts'

/** More subnets, or zones, for a balancer; those that it has stay. */
export async function addPlaces(
  deps: ElbDeps,
  scope: Scope,
  { name, places }: { readonly name: string | undefined; readonly places: ClassicPlaces },
): Promise<ClassicBalancer> {
  const balancer = await requireBalancer(deps, scope, name)
  const found = await deps.balance.classics.placesOf(scope, places)
  if (found.vpcId !== balancer.vpcId) {
    throw invalidConfiguration('The subnets must belong to the VPC of the load balancer')
  }
  return deps.balance.classics.modify(scope, balancer.name, (known) => {
    const isNew = (zone: BalancerZone): boolean =>
      !known.zones.some((each) => each.subnetId === zone.subnetId)
    const fresh = found.zones.filter(isNew)
    const taken = fresh.find((zone) => known.zones.some((each) => each.zone === zone.zone))
    if (taken !== undefined) {
      throw invalidConfiguration(
        `LoadBalancer cannot be attached to multiple subnets in the same AZ: ${taken.zone}`,
      )
    }
    return { ...known, zones: [...known.zones, ...fresh] }
  })
}

/** Takes places away; the last one stays. */
export async function removePlaces(
  deps: ElbDeps,
  scope: Scope,
  of: { readonly name: string | undefined; isLeaving(zone: BalancerZone): boolean },
): Promise<ClassicBalancer> {
  const balancer = await requireBalancer(deps, scope, of.name)
  return deps.balance.classics.modify(scope, balancer.name, (known) => {
    const zones = known.zones.filter((zone) => !of.isLeaving(zone))
    if (zones.length === 0) {
      throw invalidConfiguration('A load balancer must keep at least one Availability Zone')
    }
    return { ...known, zones }
  })
}

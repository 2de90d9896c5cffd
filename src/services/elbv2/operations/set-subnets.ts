import { is } from '../../../wire/accept.ts'
import type { Elbv2Operation } from '../deps.ts'
import { invalidConfiguration } from '../errors.ts'
import { requireBalancer } from '../find.ts'
import { zonesView } from '../views.ts'
import { subnetsOf } from './create-load-balancer.ts'

export const setSubnets: Elbv2Operation<'SetSubnets'> = {
  accepts: {
    LoadBalancerArn: true,
    Subnets: true,
    SubnetMappings: { SubnetId: true },
    IpAddressType: is('ipv4'),
  },
  async handle(input, { scope }, deps) {
    const { balancerId, vpcId, type } = await requireBalancer(deps, scope, input.LoadBalancerArn)
    const { balancers } = deps.balance
    const found = await balancers.zonesOf(scope, subnetsOf(input), type)
    if (found.vpcId !== vpcId) {
      throw invalidConfiguration('The subnets must belong to the VPC of the load balancer')
    }
    const balancer = await balancers.modify(scope, balancerId, (known) => ({
      ...known,
      zones: found.zones,
    }))
    return { AvailabilityZones: zonesView(balancer), IpAddressType: 'ipv4' }
  },
}

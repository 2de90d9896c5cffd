import { is } from '../../../wire/accept.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireBalancer } from '../find.ts'

/** IPv4 is all there is. */
export const setIpAddressType: Elbv2Operation<'SetIpAddressType'> = {
  accepts: { LoadBalancerArn: true, IpAddressType: is('ipv4') },
  async handle(input, { scope }, deps) {
    await requireBalancer(deps, scope, input.LoadBalancerArn)
    return { IpAddressType: 'ipv4' }
  },
}

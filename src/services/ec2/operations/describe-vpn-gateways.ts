import { filters } from '../input.ts'
import { refuseNamed } from '../nothing.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: nobody can make any here. */
export const describeVpnGateways: Ec2Operation<'DescribeVpnGateways'> = {
  accepts: { VpnGatewayIds: true, Filters: filters },
  async handle(input) {
    refuseNamed(input.VpnGatewayIds, 'InvalidVpnGatewayID.NotFound')
    return { VpnGateways: [] }
  },
}

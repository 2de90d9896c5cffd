import { filters } from '../input.ts'
import { refuseNamed } from '../nothing.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: nobody can make any here. */
export const describeVpnConnections: Ec2Operation<'DescribeVpnConnections'> = {
  accepts: { VpnConnectionIds: true, Filters: filters },
  async handle(input) {
    refuseNamed(input.VpnConnectionIds, 'InvalidVpnConnectionID.NotFound')
    return { VpnConnections: [] }
  },
}

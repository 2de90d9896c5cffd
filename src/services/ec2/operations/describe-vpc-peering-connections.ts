import { describing } from '../input.ts'
import { refuseNamed } from '../nothing.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: nobody can make any here. */
export const describeVpcPeeringConnections: Ec2Operation<'DescribeVpcPeeringConnections'> = {
  accepts: { VpcPeeringConnectionIds: true, ...describing },
  async handle(input) {
    refuseNamed(input.VpcPeeringConnectionIds, 'InvalidVpcPeeringConnectionID.NotFound')
    return { VpcPeeringConnections: [] }
  },
}

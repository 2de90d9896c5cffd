import { describing } from '../input.ts'
import { refuseNamed } from '../nothing.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: nobody can make any here. */
export const describeTransitGateways: Ec2Operation<'DescribeTransitGateways'> = {
  accepts: { TransitGatewayIds: true, ...describing },
  async handle(input) {
    refuseNamed(input.TransitGatewayIds, 'InvalidTransitGatewayID.NotFound')
    return { TransitGateways: [] }
  },
}

import { describing } from '../input.ts'
import { refuseNamed } from '../nothing.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: nobody can make any here. */
export const describeEgressOnlyInternetGateways: Ec2Operation<'DescribeEgressOnlyInternetGateways'> =
  {
    accepts: { EgressOnlyInternetGatewayIds: true, ...describing },
    async handle(input) {
      refuseNamed(input.EgressOnlyInternetGatewayIds, 'InvalidGatewayID.NotFound')
      return { EgressOnlyInternetGateways: [] }
    },
  }

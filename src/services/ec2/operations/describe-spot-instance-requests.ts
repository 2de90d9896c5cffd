import { describing } from '../input.ts'
import { refuseNamed } from '../nothing.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: nobody can make any here. */
export const describeSpotInstanceRequests: Ec2Operation<'DescribeSpotInstanceRequests'> = {
  accepts: { SpotInstanceRequestIds: true, ...describing },
  async handle(input) {
    refuseNamed(input.SpotInstanceRequestIds, 'InvalidSpotInstanceRequestID.NotFound')
    return { SpotInstanceRequests: [] }
  },
}

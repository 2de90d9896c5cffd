import { filters } from '../input.ts'
import { refuseNamed } from '../nothing.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: nobody can make any here. */
export const describeCustomerGateways: Ec2Operation<'DescribeCustomerGateways'> = {
  accepts: { CustomerGatewayIds: true, Filters: filters },
  async handle(input) {
    refuseNamed(input.CustomerGatewayIds, 'InvalidCustomerGatewayID.NotFound')
    return { CustomerGateways: [] }
  },
}

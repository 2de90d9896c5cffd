import { noEndpointService } from '../errors.ts'
import { describing } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** None is offered here. */
export const describeVpcEndpointServices: Ec2Operation<'DescribeVpcEndpointServices'> = {
  accepts: { ServiceNames: true, ...describing },
  async handle(input) {
    const [first] = input.ServiceNames ?? []
    if (first !== undefined) throw noEndpointService(first)
    return { ServiceNames: [], ServiceDetails: [] }
  },
}

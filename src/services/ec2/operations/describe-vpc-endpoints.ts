import { noEndpoint } from '../errors.ts'
import { chosen, filtered } from '../filters.ts'
import { describing } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: endpoints are refused where they are made. */
export const describeVpcEndpoints: Ec2Operation<'DescribeVpcEndpoints'> = {
  accepts: { VpcEndpointIds: true, ...describing },
  async handle(input) {
    const none: readonly { id: string; tags: [] }[] = []
    chosen(none, input.VpcEndpointIds, { idOf: ({ id }) => id, missing: noEndpoint })
    const absent = (): undefined => undefined
    filtered(none, input.Filters, {
      'vpc-id': absent,
      'service-name': absent,
      'vpc-endpoint-id': absent,
      'vpc-endpoint-state': absent,
      'vpc-endpoint-type': absent,
      'ip-address-type': absent,
    })
    return { VpcEndpoints: [] }
  },
}

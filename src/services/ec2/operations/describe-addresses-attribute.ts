import { is } from '../../../wire/accept.ts'
import type { Ec2Operation } from '../deps.ts'

/** Names that addresses answer to in reverse lookups: nobody can set one here, so there is none. */
export const describeAddressesAttribute: Ec2Operation<'DescribeAddressesAttribute'> = {
  accepts: { AllocationIds: true, Attribute: is('domain-name'), NextToken: true, MaxResults: true },
  handle: async () => ({ Addresses: [] }),
}

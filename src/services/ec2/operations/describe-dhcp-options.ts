import { privateDomain } from '../../../compute/domain/names.ts'
import { arnOf } from '../../../kernel/arn.ts'
import { filtered, chosen, paged } from '../filters.ts'
import { describing } from '../input.ts'
import { defaultDhcpOptionsId } from '../network-views.ts'
import { dhcpOptionsNotFound } from '../errors.ts'
import type { Ec2Operation } from '../deps.ts'

/** The region's default set, which every VPC has: names are answered by the resolver of the VPC. */
export const describeDhcpOptions: Ec2Operation<'DescribeDhcpOptions'> = {
  accepts: { DhcpOptionsIds: true, ...describing },
  async handle(input, { scope }) {
    const dhcpOptionsId = defaultDhcpOptionsId(scope)
    const configurations = {
      'domain-name': privateDomain(scope.region),
      'domain-name-servers': 'AmazonProvidedDNS',
    }
    const wanted = chosen([{ dhcpOptionsId, tags: [] }], input.DhcpOptionsIds, {
      idOf: (set) => set.dhcpOptionsId,
      missing: dhcpOptionsNotFound,
    })
    const shown = filtered(wanted, input.Filters, {
      'dhcp-options-id': (set) => set.dhcpOptionsId,
      key: () => Object.keys(configurations),
      value: () => Object.values(configurations),
      'owner-id': () => scope.account,
    })
    const { items, ...page } = paged(shown, (set) => set.dhcpOptionsId, input)
    return {
      DhcpOptions: items.map((set) => ({
        DhcpOptionsId: set.dhcpOptionsId,
        DhcpOptionsArn: arnOf('ec2', scope, `dhcp-options/${set.dhcpOptionsId}`),
        OwnerId: scope.account,
        DhcpConfigurations: Object.entries(configurations).map(([Key, Value]) => ({
          Key,
          Values: [{ Value }],
        })),
        Tags: [],
      })),
      ...page,
    }
  },
}

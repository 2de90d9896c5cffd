import { arnOf } from '../../../kernel/arn.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { Subnet } from '../../../network/records.ts'
import { zoneIdOf } from '../../../compute/domain/names.ts'
import { notFound, valuesOf } from '../../../network/lookup.ts'
import { subnets } from '../../../network/records.ts'
import { filtered, metByNothing, paged, chosen, type FilterFields } from '../filters.ts'
import { describing } from '../input.ts'
import { subnetView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

/** How many addresses of a subnet are in use. */
type AddressesTaken = (subnet: Subnet) => number

const fieldsOf = (scope: Scope, taken: AddressesTaken): FilterFields<Subnet> => ({
  'available-ip-address-count': (subnet) =>
    String(subnetView(subnet, { scope, addressesTaken: taken(subnet) }).AvailableIpAddressCount),
  'subnet-id': (subnet) => subnet.subnetId,
  'vpc-id': (subnet) => subnet.vpcId,
  'availability-zone': (subnet) => subnet.zone,
  availabilityZone: (subnet) => subnet.zone,
  'availability-zone-id': (subnet) => zoneIdOf(subnet.zone),
  'cidr-block': (subnet) => subnet.cidr,
  cidrBlock: (subnet) => subnet.cidr,
  cidr: (subnet) => subnet.cidr,
  'subnet-arn': (subnet) => arnOf('ec2', scope, `subnet/${subnet.subnetId}`),
  'owner-id': () => scope.account,
  'ipv6-native': () => 'false',
  'enable-dns64': () => 'false',
  'map-customer-owned-ip-on-launch': () => 'false',
  'private-dns-name-options-on-launch.hostname-type': () => 'ip-name',
  'private-dns-name-options-on-launch.enable-resource-name-dns-a-record': () => 'false',
  'private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record': () => 'false',
  ...metByNothing(
    'ipv6-cidr-block-association.ipv6-cidr-block',
    'ipv6-cidr-block-association.association-id',
    'ipv6-cidr-block-association.state',
    'enable-lni-at-device-index',
    'outpost-arn',
    'customer-owned-ipv4-pool',
  ),
  'default-for-az': (subnet) => String(subnet.isDefault),
  defaultForAz: (subnet) => String(subnet.isDefault),
  'map-public-ip-on-launch': (subnet) => String(subnet.assignsPublicAddress),
  state: () => 'available',
})

export const describeSubnets: Ec2Operation<'DescribeSubnets'> = {
  accepts: { SubnetIds: true, ...describing },
  async handle(input, { scope }, { network, store }) {
    await network.ensureDefaultVpc(scope)
    const all = await valuesOf(store, subnets, scope)
    const wanted = chosen(all, input.SubnetIds, {
      idOf: (subnet) => subnet.subnetId,
      missing: (id) => notFound(subnets, id),
    })
    const faces = Map.groupBy(await network.interfaces.list(scope), (view) => view.subnetId)
    const taken = (subnet: Subnet): number => faces.get(subnet.subnetId)?.length ?? 0
    const shown = filtered(wanted, input.Filters, fieldsOf(scope, taken))
    const { items, ...page } = paged(shown, (subnet) => subnet.subnetId, input)
    return {
      Subnets: items.map((subnet) => subnetView(subnet, { scope, addressesTaken: taken(subnet) })),
      ...page,
    }
  },
}

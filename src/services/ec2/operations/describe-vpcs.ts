import type { Scope } from '../../../kernel/scope.ts'
import type { Vpc } from '../../../network/records.ts'
import { notFound, valuesOf } from '../../../network/lookup.ts'
import { vpcs } from '../../../network/records.ts'
import { filtered, metByNothing, paged, chosen, type FilterFields } from '../filters.ts'
import { describing } from '../input.ts'
import { defaultDhcpOptionsId, vpcAssociationId, vpcView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

const fieldsOf = (scope: Scope): FilterFields<Vpc> => ({
  'vpc-id': (vpc) => vpc.vpcId,
  cidr: (vpc) => vpc.cidr,
  cidrBlock: (vpc) => vpc.cidr,
  'cidr-block-association.cidr-block': (vpc) => vpc.cidr,
  'cidr-block-association.association-id': (vpc) => vpcAssociationId(vpc),
  'cidr-block-association.state': () => 'associated',
  'dhcp-options-id': () => defaultDhcpOptionsId(scope),
  dhcpOptionsId: () => defaultDhcpOptionsId(scope),
  'owner-id': () => scope.account,
  ...metByNothing(
    'ipv6-cidr-block-association.ipv6-cidr-block',
    'ipv6-cidr-block-association.association-id',
    'ipv6-cidr-block-association.state',
    'ipv6-cidr-block-association.ipv6-pool',
  ),
  'is-default': (vpc) => String(vpc.isDefault),
  isDefault: (vpc) => String(vpc.isDefault),
  state: () => 'available',
})

export const describeVpcs: Ec2Operation<'DescribeVpcs'> = {
  accepts: { VpcIds: true, ...describing },
  async handle(input, { scope }, { network, store }) {
    await network.ensureDefaultVpc(scope)
    const all = await valuesOf(store, vpcs, scope)
    const wanted = chosen(all, input.VpcIds, {
      idOf: (vpc) => vpc.vpcId,
      missing: (id) => notFound(vpcs, id),
    })
    const { items, ...page } = paged(
      filtered(wanted, input.Filters, fieldsOf(scope)),
      (vpc) => vpc.vpcId,
      input,
    )
    return { Vpcs: items.map((vpc) => vpcView(vpc, scope)), ...page }
  },
}

import { aclView, guardedBy } from '../acl-view.ts'
import { notFound, valuesOf } from '../../../network/lookup.ts'
import { networkAcls, subnets } from '../../../network/records.ts'
import { filtered, paged, chosen } from '../filters.ts'
import { describing } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeNetworkAcls: Ec2Operation<'DescribeNetworkAcls'> = {
  accepts: { NetworkAclIds: true, ...describing },
  async handle(input, { scope }, { network, store }) {
    await network.ensureDefaultVpc(scope)
    const [acls, all] = await Promise.all([
      valuesOf(store, networkAcls, scope),
      valuesOf(store, subnets, scope),
    ])
    const found = acls.map((acl) => ({
      tags: acl.tags,
      view: aclView(acl, { scope, guarded: guardedBy(acl, { acls, subnets: all }) }),
    }))
    const wanted = chosen(found, input.NetworkAclIds, {
      idOf: ({ view }) => view.NetworkAclId ?? '',
      missing: (id) => notFound(networkAcls, id),
    })
    const shown = filtered(wanted, input.Filters, {
      'network-acl-id': ({ view }) => view.NetworkAclId,
      'vpc-id': ({ view }) => view.VpcId,
      'owner-id': ({ view }) => view.OwnerId,
      default: ({ view }) => String(view.IsDefault),
      'association.association-id': ({ view }) =>
        view.Associations?.map((each) => each.NetworkAclAssociationId ?? ''),
      'association.network-acl-id': ({ view }) =>
        view.Associations?.map((each) => each.NetworkAclId ?? ''),
      'association.subnet-id': ({ view }) => view.Associations?.map((each) => each.SubnetId ?? ''),
      'entry.cidr': ({ view }) => view.Entries?.flatMap((each) => each.CidrBlock ?? []),
      'entry.egress': ({ view }) => view.Entries?.map((each) => String(each.Egress)),
      'entry.protocol': ({ view }) => view.Entries?.map((each) => each.Protocol ?? ''),
      'entry.rule-action': ({ view }) => view.Entries?.map((each) => each.RuleAction ?? ''),
      'entry.port-range.from': ({ view }) =>
        view.Entries?.flatMap((each) => each.PortRange?.From ?? []).map(String),
      'entry.port-range.to': ({ view }) =>
        view.Entries?.flatMap((each) => each.PortRange?.To ?? []).map(String),
      'entry.icmp.code': ({ view }) =>
        view.Entries?.flatMap((each) => each.IcmpTypeCode?.Code ?? []).map(String),
      'entry.icmp.type': ({ view }) =>
        view.Entries?.flatMap((each) => each.IcmpTypeCode?.Type ?? []).map(String),
      'entry.ipv6-cidr': ({ view }) => view.Entries?.flatMap((each) => each.Ipv6CidrBlock ?? []),
      'entry.rule-number': ({ view }) => view.Entries?.map((each) => String(each.RuleNumber)),
    })
    const { items, ...page } = paged(shown, ({ view }) => view.NetworkAclId ?? '', input)
    return { NetworkAcls: items.map(({ view }) => view), ...page }
  },
}

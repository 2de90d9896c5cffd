import type { GroupRule, SecurityGroup } from '../../../network/records.ts'
import { notFound, valuesOf } from '../../../network/lookup.ts'
import { securityGroups } from '../../../network/records.ts'
import { groupNotFound } from '../errors.ts'
import { filtered, paged, chosen, type FilterFields } from '../filters.ts'
import { describing } from '../input.ts'
import { securityGroupView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

const ofRules =
  (direction: GroupRule['direction'], read: (rule: GroupRule) => string | number | undefined) =>
  (group: SecurityGroup) =>
    group.rules
      .filter((rule) => rule.direction === direction)
      .flatMap((rule) => read(rule) ?? [])
      .map(String)

const fields: FilterFields<SecurityGroup> = {
  'group-id': (group) => group.groupId,
  'group-name': (group) => group.name,
  'vpc-id': (group) => group.vpcId,
  description: (group) => group.description,
  'ip-permission.cidr': ofRules('ingress', (rule) => rule.cidr),
  'ip-permission.group-id': ofRules('ingress', (rule) => rule.peerGroupId),
  'ip-permission.from-port': ofRules('ingress', (rule) => rule.fromPort),
  'ip-permission.to-port': ofRules('ingress', (rule) => rule.toPort),
  'ip-permission.protocol': ofRules('ingress', (rule) =>
    rule.protocol === 'all' ? '-1' : rule.protocol,
  ),
  'egress.ip-permission.cidr': ofRules('egress', (rule) => rule.cidr),
  'egress.ip-permission.group-id': ofRules('egress', (rule) => rule.peerGroupId),
}

export const describeSecurityGroups: Ec2Operation<'DescribeSecurityGroups'> = {
  accepts: { GroupIds: true, GroupNames: true, ...describing },
  async handle(input, { scope }, { network, store }) {
    const standard = await network.ensureDefaultVpc(scope)
    const all = await valuesOf(store, securityGroups, scope)
    const byId = chosen(all, input.GroupIds, {
      idOf: (group) => group.groupId,
      missing: (id) => notFound(securityGroups, id),
    })
    // Names without a VPC mean groups of the default one, as in EC2-Classic.
    const wanted =
      input.GroupNames && input.GroupNames.length > 0
        ? chosen(
            byId.filter((group) => group.vpcId === standard),
            input.GroupNames,
            { idOf: (group) => group.name, missing: groupNotFound },
          )
        : byId
    const shown = filtered(wanted, input.Filters, fields)
    const { items, ...page } = paged(shown, (group) => group.groupId, input)
    return { SecurityGroups: items.map((group) => securityGroupView(group, scope)), ...page }
  },
}

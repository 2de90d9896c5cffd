import type { Scope } from '../../../kernel/scope.ts'
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

function ruleFields(
  prefix: string,
  direction: GroupRule['direction'],
  { scope, nameOf }: { scope: Scope; nameOf: (groupId: string) => string | undefined },
): FilterFields<SecurityGroup> {
  const isVersion6 = (rule: GroupRule) => rule.cidr?.includes(':') === true
  return {
    [`${prefix}.cidr`]: ofRules(direction, (rule) => (isVersion6(rule) ? undefined : rule.cidr)),
    [`${prefix}.ipv6-cidr`]: ofRules(direction, (rule) =>
      isVersion6(rule) ? rule.cidr : undefined,
    ),
    [`${prefix}.group-id`]: ofRules(direction, (rule) => rule.peerGroupId),
    [`${prefix}.group-name`]: (group) =>
      ofRules(direction, (rule) => rule.peerGroupId)(group).map((id) => nameOf(id) ?? ''),
    [`${prefix}.user-id`]: ofRules(direction, (rule) => rule.peerGroupId && scope.account),
    [`${prefix}.prefix-list-id`]: () => undefined,
    [`${prefix}.from-port`]: ofRules(direction, (rule) => rule.fromPort),
    [`${prefix}.to-port`]: ofRules(direction, (rule) => rule.toPort),
    [`${prefix}.protocol`]: ofRules(direction, (rule) =>
      rule.protocol === 'all' ? '-1' : rule.protocol,
    ),
  }
}

const fieldsOf = (
  scope: Scope,
  nameOf: (groupId: string) => string | undefined,
): FilterFields<SecurityGroup> => ({
  'owner-id': () => scope.account,
  'group-id': (group) => group.groupId,
  'group-name': (group) => group.name,
  'vpc-id': (group) => group.vpcId,
  description: (group) => group.description,
  ...ruleFields('ip-permission', 'ingress', { scope, nameOf }),
  ...ruleFields('egress.ip-permission', 'egress', { scope, nameOf }),
})

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
    const names = new Map(all.map((group) => [group.groupId, group.name]))
    const shown = filtered(
      wanted,
      input.Filters,
      fieldsOf(scope, (id) => names.get(id)),
    )
    const { items, ...page } = paged(shown, (group) => group.groupId, input)
    return { SecurityGroups: items.map((group) => securityGroupView(group, scope)), ...page }
  },
}

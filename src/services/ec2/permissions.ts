import type { IpPermission, UserIdGroupPair } from '@aws-sdk/client-ec2'
import type { Scope } from '../../kernel/scope.ts'
import { balancerGroup } from '../../network/balancer-group.ts'
import { requireRecord, valuesOf } from '../../network/lookup.ts'
import { securityGroups, type SecurityGroup } from '../../network/records.ts'
import { canonicalRule, type NewRule } from '../../network/group-rules.ts'
import type { Ec2Deps } from './deps.ts'
import { groupNotFound, invalidParameterValue, missingParameter } from './errors.ts'

/** The members of a permission that are honoured: ranges and groups of the same account. Ranges of IPv6 meet no packet. */
export const permissions = {
  IpProtocol: true,
  FromPort: true,
  ToPort: true,
  IpRanges: { CidrIp: true, Description: true },
  UserIdGroupPairs: { GroupId: true, GroupName: true, UserId: true, Description: true },
  Ipv6Ranges: { CidrIpv6: true, Description: true },
  PrefixListIds: (value: unknown) => Array.isArray(value) && value.length === 0,
} as const

/** The group that a request means by id, or by name in the default VPC. */
export async function groupIdOf(
  deps: Ec2Deps,
  scope: Scope,
  named: { GroupId?: string | undefined; GroupName?: string | undefined },
): Promise<string> {
  if (named.GroupId) return named.GroupId
  if (!named.GroupName) throw missingParameter('GroupId')
  const vpcId = await deps.network.ensureDefaultVpc(scope)
  const group = await groupNamed(deps, scope, { vpcId, name: named.GroupName })
  return group.groupId
}

async function groupNamed(
  { store }: Ec2Deps,
  scope: Scope,
  { vpcId, name }: { vpcId: string | undefined; name: string },
): Promise<SecurityGroup> {
  const groups = vpcId === undefined ? [] : await valuesOf(store, securityGroups, scope, vpcId)
  const group = groups.find((each) => each.name === name)
  if (!group) throw groupNotFound(name)
  return group
}

/** The permissions of a request, or the one that it spells out in members of its own. */
export function permissionsOf(input: {
  IpPermissions?: IpPermission[] | undefined
  IpProtocol?: string | undefined
  FromPort?: number | undefined
  ToPort?: number | undefined
  CidrIp?: string | undefined
}): readonly IpPermission[] {
  if (input.IpProtocol === undefined) return input.IpPermissions ?? []
  const { IpProtocol, FromPort, ToPort, CidrIp } = input
  return [{ IpProtocol, FromPort, ToPort, IpRanges: [{ CidrIp }] }]
}

/** One rule for each peer of each permission. Peers named by name are looked up in the group's own VPC. */
export async function rulesOf(
  deps: Ec2Deps,
  scope: Scope,
  at: { groupId: string; permissions: readonly IpPermission[] },
): Promise<readonly NewRule[]> {
  const group = await requireRecord(deps.store, securityGroups, scope, at.groupId)
  const rules: NewRule[] = []
  for (const permission of at.permissions) {
    const ports = portsOf(permission)
    for (const range of permission.IpRanges ?? []) {
      if (!range.CidrIp) throw missingParameter('CidrIp')
      rules.push({ ...ports, cidr: range.CidrIp, ...describedAs(range.Description) })
    }
    for (const range of permission.Ipv6Ranges ?? []) {
      if (!range.CidrIpv6) throw missingParameter('CidrIpv6')
      rules.push({ ...ports, cidr: range.CidrIpv6, ...describedAs(range.Description) })
    }
    for (const pair of permission.UserIdGroupPairs ?? []) {
      const peerGroupId = await peerOf(deps, scope, { vpcId: group.value.vpcId, pair })
      rules.push({ ...ports, peerGroupId, ...describedAs(pair.Description) })
    }
  }
  if (rules.length === 0) throw missingParameter('ipPermissions')
  return rules.map(canonicalRule)
}

/** A group of the same VPC; `amazon-elb/amazon-elb-sg` is that of Classic Load Balancers. */
async function peerOf(
  deps: Ec2Deps,
  scope: Scope,
  { vpcId, pair }: { readonly vpcId: string; readonly pair: UserIdGroupPair },
): Promise<string> {
  const [owner, ownName] = ownedName(pair)
  if (owner === balancerGroup.owner && ownName === balancerGroup.name) {
    return deps.network.balancerSecurityGroup(scope, vpcId)
  }
  if (owner && owner !== scope.account) throw invalidParameterValue(owner, 'UserId')
  if (pair.GroupId) return pair.GroupId
  return (await groupNamed(deps, scope, { vpcId, name: ownName })).groupId
}

/** Owner and name, which old tools write as one: `owner/name`. */
function ownedName({ UserId, GroupName = '' }: UserIdGroupPair): readonly [string, string] {
  const prefix = `${balancerGroup.owner}/`
  return GroupName.startsWith(prefix)
    ? [balancerGroup.owner, GroupName.slice(prefix.length)]
    : [UserId ?? '', GroupName]
}

function describedAs(description: string | undefined) {
  return description === undefined || description === '' ? {} : { description }
}

const protocols: Readonly<Record<string, NewRule['protocol']>> = {
  '-1': 'all',
  all: 'all',
  tcp: 'tcp',
  '6': 'tcp',
  udp: 'udp',
  '17': 'udp',
  icmp: 'icmp',
  '1': 'icmp',
}

function portsOf(permission: IpPermission): Pick<NewRule, 'protocol' | 'fromPort' | 'toPort'> {
  const { IpProtocol = '', FromPort: from, ToPort: to } = permission
  const protocol = protocols[IpProtocol.toLowerCase()]
  if (!protocol) throw invalidParameterValue(IpProtocol, 'IpProtocol')
  if (protocol === 'all') return { protocol }
  if (protocol === 'icmp') {
    // Single types of icmp are not told apart: all of them or none.
    if ((from ?? -1) !== -1 || (to ?? -1) !== -1) throw invalidParameterValue(`${from}`, 'FromPort')
    return { protocol }
  }
  if (from === undefined || to === undefined) throw missingParameter('FromPort')
  if (from === -1 && to === -1) return { protocol }
  if (from < 0 || to > 65535 || from > to) throw invalidParameterValue(`${from}-${to}`, 'FromPort')
  return { protocol, fromPort: from, toPort: to }
}

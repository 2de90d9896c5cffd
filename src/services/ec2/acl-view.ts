import type { NetworkAcl as AwsNetworkAcl, NetworkAclEntry } from '@aws-sdk/client-ec2'
import type { Scope } from '../../kernel/scope.ts'
import { aclAssociationId } from '../../network/acls.ts'
import { aclOf } from '../../network/plan-network.ts'
import type { AclEntry, NetworkAcl, Subnet } from '../../network/records.ts'

/** The subnets that an ACL guards, of all those of its VPC. */
export function guardedBy(
  acl: NetworkAcl,
  around: { acls: readonly NetworkAcl[]; subnets: readonly Subnet[] },
): readonly Subnet[] {
  return around.subnets.filter((subnet) => aclOf(subnet, around.acls) === acl)
}

export function aclView(
  acl: NetworkAcl,
  { scope, guarded }: { scope: Scope; guarded: readonly Subnet[] },
): AwsNetworkAcl {
  const { networkAclId: NetworkAclId } = acl
  return {
    NetworkAclId,
    VpcId: acl.vpcId,
    IsDefault: acl.isDefault,
    OwnerId: scope.account,
    Associations: guarded.map((subnet) => ({
      NetworkAclAssociationId: aclAssociationId(subnet),
      NetworkAclId,
      SubnetId: subnet.subnetId,
    })),
    Entries: [...acl.entries.map(entryView), lastEntry(true), lastEntry(false)].toSorted(
      (a, b) => Number(b.Egress) - Number(a.Egress) || (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0),
    ),
    Tags: [...acl.tags],
  }
}

function entryView(entry: AclEntry): NetworkAclEntry {
  const { ports, icmp } = entry
  return {
    RuleNumber: entry.ruleNumber,
    Protocol: String(entry.protocol),
    RuleAction: entry.isAllowed ? 'allow' : 'deny',
    Egress: entry.direction === 'egress',
    ...(entry.cidr.includes(':') ? { Ipv6CidrBlock: entry.cidr } : { CidrBlock: entry.cidr }),
    ...(ports && { PortRange: { From: ports.from, To: ports.to } }),
    ...(icmp && { IcmpTypeCode: { Type: icmp.type, Code: icmp.code } }),
  }
}

/** EC2 shows the rule that nobody can remove: what nothing matched is denied. */
function lastEntry(isEgress: boolean): NetworkAclEntry {
  return {
    RuleNumber: 32_767,
    Protocol: '-1',
    RuleAction: 'deny',
    Egress: isEgress,
    CidrBlock: '0.0.0.0/0',
  }
}

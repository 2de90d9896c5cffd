import type {
  InternetGateway as AwsInternetGateway,
  IpPermission,
  NetworkInterface,
  RevokedSecurityGroupRule,
  RouteTable as AwsRouteTable,
  SecurityGroup as AwsSecurityGroup,
  SecurityGroupRule,
  Subnet as AwsSubnet,
  Vpc as AwsVpc,
} from '@aws-sdk/client-ec2'
import { privateDnsName, zoneIdOf } from '../../compute/domain/names.ts'
import { arnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { parseCidr, usableRange } from '../../network/domain/cidr.ts'
import type { InterfaceView } from '../../network/interfaces.ts'
import type {
  GroupRule,
  InternetGateway,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
} from '../../network/records.ts'
import { idOfToken } from './input.ts'
import { groupViews } from './instance-view.ts'

/** Of the one set of a region, made from whose it is. */
export function defaultDhcpOptionsId({ account, region }: Scope): string {
  return idOfToken('dopt', `${account}/${region}`)
}

/** Of its one range; made from its own id. */
export function vpcAssociationId({ vpcId }: Vpc): string {
  return vpcId.replace('vpc-', 'vpc-cidr-assoc-')
}

export function vpcView(vpc: Vpc, scope: Scope): AwsVpc {
  const { vpcId, cidr } = vpc
  return {
    VpcId: vpcId,
    CidrBlock: cidr,
    State: 'available',
    IsDefault: vpc.isDefault,
    InstanceTenancy: 'default',
    DhcpOptionsId: defaultDhcpOptionsId(scope),
    OwnerId: scope.account,
    CidrBlockAssociationSet: [
      {
        AssociationId: vpcAssociationId(vpc),
        CidrBlock: cidr,
        CidrBlockState: { State: 'associated' },
      },
    ],
    Tags: [...vpc.tags],
  }
}

export function subnetView(
  subnet: Subnet,
  { scope, addressesTaken }: { scope: Scope; addressesTaken: number },
): AwsSubnet {
  const range = parseCidr(subnet.cidr)
  return {
    SubnetId: subnet.subnetId,
    SubnetArn: arnOf('ec2', scope, `subnet/${subnet.subnetId}`),
    VpcId: subnet.vpcId,
    CidrBlock: subnet.cidr,
    State: 'available',
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: zoneIdOf(subnet.zone),
    AvailableIpAddressCount: (range ? usableRange(range).count : 0) - addressesTaken,
    DefaultForAz: subnet.isDefault,
    MapPublicIpOnLaunch: subnet.assignsPublicAddress,
    AssignIpv6AddressOnCreation: false,
    MapCustomerOwnedIpOnLaunch: false,
    Ipv6CidrBlockAssociationSet: [],
    Ipv6Native: false,
    EnableDns64: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    OwnerId: scope.account,
    Tags: [...subnet.tags],
  }
}

export function gatewayView(gateway: InternetGateway, { account }: Scope): AwsInternetGateway {
  return {
    InternetGatewayId: gateway.internetGatewayId,
    OwnerId: account,
    // EC2 says `available` here, a word that its own enumeration of the state does not have.
    Attachments:
      gateway.vpcId === undefined
        ? []
        : [{ VpcId: gateway.vpcId, State: 'available' as 'attached' }],
    Tags: [...gateway.tags],
  }
}

export function routeTableView(
  table: RouteTable,
  { scope, vpc, attached }: { scope: Scope; vpc: Vpc | undefined; attached: ReadonlySet<string> },
): AwsRouteTable {
  return {
    RouteTableId: table.routeTableId,
    VpcId: table.vpcId,
    OwnerId: scope.account,
    PropagatingVgws: [],
    Associations: table.associations.map(({ associationId, subnetId }) => ({
      RouteTableAssociationId: associationId,
      RouteTableId: table.routeTableId,
      Main: subnetId === undefined,
      ...(subnetId !== undefined && { SubnetId: subnetId }),
      AssociationState: { State: 'associated' as const },
    })),
    Routes: [
      {
        DestinationCidrBlock: vpc?.cidr ?? '',
        GatewayId: 'local',
        Origin: 'CreateRouteTable',
        State: 'active',
      },
      ...table.routes.map((route) => ({
        DestinationCidrBlock: route.destinationCidr,
        ...(route.gatewayId.startsWith('nat-')
          ? { NatGatewayId: route.gatewayId }
          : { GatewayId: route.gatewayId }),
        Origin: 'CreateRoute' as const,
        State: attached.has(route.gatewayId) ? ('active' as const) : ('blackhole' as const),
      })),
    ],
    Tags: [...table.tags],
  }
}

export function securityGroupView(group: SecurityGroup, scope: Scope): AwsSecurityGroup {
  const permissions = (direction: GroupRule['direction']) =>
    permissionViews(
      group.rules.filter((rule) => rule.direction === direction),
      scope,
    )
  return {
    GroupId: group.groupId,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpcId,
    OwnerId: scope.account,
    SecurityGroupArn: arnOf('ec2', scope, `security-group/${group.groupId}`),
    IpPermissions: permissions('ingress'),
    IpPermissionsEgress: permissions('egress'),
    Tags: [...group.tags],
  }
}

/** Rules of the same protocol and ports are one permission with several peers. */
function permissionViews(rules: readonly GroupRule[], { account }: Scope): IpPermission[] {
  const byPorts = Map.groupBy(rules, (rule) => `${rule.protocol} ${rule.fromPort} ${rule.toPort}`)
  return [...byPorts.values()].map((group) => ({
    ...portsView(group[0]),
    IpRanges: group
      .filter(({ cidr }) => cidr?.includes(':') === false)
      .map(({ cidr, description }) => ({ CidrIp: cidr, ...shownAs(description) })),
    UserIdGroupPairs: group.flatMap(({ peerGroupId, description }) =>
      peerGroupId === undefined
        ? []
        : [{ GroupId: peerGroupId, UserId: account, ...shownAs(description) }],
    ),
    Ipv6Ranges: group
      .filter(({ cidr }) => cidr?.includes(':') === true)
      .map(({ cidr, description }) => ({ CidrIpv6: cidr, ...shownAs(description) })),
    PrefixListIds: [],
  }))
}

function shownAs(description: string | undefined) {
  return description === undefined ? {} : { Description: description }
}

/** EC2 writes "all" as -1: the protocol, and the types of icmp. */
function portsView(rule: GroupRule | undefined) {
  if (!rule || rule.protocol === 'all') return { IpProtocol: '-1' }
  const isAll = rule.fromPort === undefined
  const all = rule.protocol === 'icmp' ? [-1, -1] : [0, 65535]
  return {
    IpProtocol: rule.protocol,
    FromPort: isAll ? all[0] : rule.fromPort,
    ToPort: isAll ? all[1] : rule.toPort,
  }
}

export function ruleView(rule: GroupRule, groupId: string, scope: Scope): SecurityGroupRule {
  return {
    SecurityGroupRuleId: rule.ruleId,
    SecurityGroupRuleArn: arnOf('ec2', scope, `security-group-rule/${rule.ruleId}`),
    GroupId: groupId,
    GroupOwnerId: scope.account,
    IsEgress: rule.direction === 'egress',
    FromPort: -1,
    ToPort: -1,
    ...portsView(rule),
    ...(rule.cidr !== undefined && rangeView(rule.cidr)),
    ...(rule.peerGroupId !== undefined && {
      ReferencedGroupInfo: { GroupId: rule.peerGroupId, UserId: scope.account },
    }),
    ...shownAs(rule.description),
    Tags: [...rule.tags],
  }
}

function rangeView(cidr: string) {
  return cidr.includes(':') ? { CidrIpv6: cidr } : { CidrIpv4: cidr }
}

/** What was taken away, as RevokeSecurityGroupIngress and -Egress answer it. */
export function revokedView(rule: GroupRule, groupId: string): RevokedSecurityGroupRule {
  return {
    SecurityGroupRuleId: rule.ruleId,
    GroupId: groupId,
    IsEgress: rule.direction === 'egress',
    FromPort: -1,
    ToPort: -1,
    ...portsView(rule),
    ...(rule.cidr !== undefined && rangeView(rule.cidr)),
    ...(rule.peerGroupId !== undefined && { ReferencedGroupId: rule.peerGroupId }),
    ...shownAs(rule.description),
  }
}

/** Of an interface that is taken; made from its own id. */
export function attachmentIdOf(interfaceId: string): string {
  return interfaceId.replace('eni-', 'eni-attach-')
}

/** A classic balancer's nodes are found by its name alone: `ELB web`. */
function shownDescription(description: string): string {
  return description.replace(/^ELB classic\/([^/]+)\/.*$/, 'ELB $1')
}

export function interfaceView(
  view: InterfaceView,
  { scope, groupNames }: { scope: Scope; groupNames: ReadonlyMap<string, string> },
): NetworkInterface {
  const name = privateDnsName(scope.region, view.address)
  const isInstance = view.machineId?.startsWith('i-') === true
  const isBalancers = !isInstance && view.machineId !== undefined
  const association = view.publicAddress !== undefined && {
    Association: {
      PublicIp: view.publicAddress,
      IpOwnerId: view.allocationId === undefined ? 'amazon' : scope.account,
      ...(view.allocationId !== undefined && { AllocationId: view.allocationId }),
      ...(view.associationId !== undefined && { AssociationId: view.associationId }),
    },
  }
  return {
    NetworkInterfaceId: view.interfaceId,
    VpcId: view.vpcId,
    SubnetId: view.subnetId,
    AvailabilityZone: view.zone,
    OwnerId: scope.account,
    RequesterManaged: isBalancers,
    ...(isBalancers && { RequesterId: 'amazon-elb' }),
    Description: shownDescription(view.description),
    InterfaceType: view.description.startsWith('ELB net/') ? 'network_load_balancer' : 'interface',
    MacAddress: view.macAddress,
    PrivateIpAddress: view.address,
    PrivateDnsName: name,
    PrivateIpAddresses: [
      { Primary: true, PrivateIpAddress: view.address, PrivateDnsName: name, ...association },
    ],
    ...association,
    SourceDestCheck: true,
    Status: view.machineId === undefined ? 'available' : 'in-use',
    Groups: groupViews(view.securityGroupIds, groupNames),
    ...(view.machineId !== undefined && {
      Attachment: {
        AttachmentId: attachmentIdOf(view.interfaceId),
        DeviceIndex: isInstance ? 0 : 1,
        Status: 'attached',
        DeleteOnTermination: isInstance,
        ...(isInstance
          ? { InstanceId: view.machineId, InstanceOwnerId: scope.account }
          : { InstanceOwnerId: 'amazon-elb' }),
      },
    }),
    TagSet: [...view.tags],
  }
}

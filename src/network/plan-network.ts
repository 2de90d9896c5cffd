import type {
  AclRule,
  AclSpec,
  FlowSpec,
  InterfaceSpec,
  NetworkSpec,
  RouteSpec,
  SecurityGroupSpec,
  SecurityRule,
  SubnetSpec,
} from '../protocol/network.ts'
import { addressText, parseCidr } from './domain/cidr.ts'
import type { InterfaceView } from './interfaces.ts'
import type {
  AclEntry,
  GroupRule,
  InternetGateway,
  NetworkAcl,
  Route,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
} from './records.ts'

/** All records of one VPC. */
export interface VpcRecords {
  readonly vpc: Vpc
  readonly subnets: readonly Subnet[]
  readonly internetGateways: readonly InternetGateway[]
  readonly routeTables: readonly RouteTable[]
  readonly securityGroups: readonly SecurityGroup[]
  readonly networkAcls: readonly NetworkAcl[]
  readonly interfaces: readonly InterfaceView[]
  readonly flows?: { readonly flows: readonly FlowSpec[]; readonly zone: number }
}

/** What the host is to make of a VPC, all but its number. The same records give the same content, in the same order. */
export function planNetwork(records: VpcRecords): Omit<NetworkSpec, 'generation'> {
  const acls = usedAcls(records)
    .filter((acl) => !isOpen(acl))
    .map(aclSpec)
  return {
    id: records.vpc.vpcId,
    cidr: records.vpc.cidr,
    subnets: records.subnets.map((subnet) => subnetSpec(subnet, records)),
    interfaces: records.interfaces
      .filter((view) => records.subnets.some((subnet) => subnet.subnetId === view.subnetId))
      .map((view) => interfaceSpec(view, records.securityGroups)),
    securityGroups: records.securityGroups.map(groupSpec),
    ...(acls.length > 0 && { acls }),
    ...(records.flows && { flows: records.flows.flows, flowZone: records.flows.zone }),
  }
}

/** The table that a subnet's packets follow: its own, else the VPC's main one. */
export function routeTableOf(
  subnetId: string,
  tables: readonly RouteTable[],
): RouteTable | undefined {
  const associated = (wanted: string | undefined) =>
    tables.find((table) => table.associations.some((each) => each.subnetId === wanted))
  return associated(subnetId) ?? associated(undefined)
}

function subnetSpec(subnet: Subnet, records: VpcRecords): SubnetSpec {
  const table = routeTableOf(subnet.subnetId, records.routeTables)
  const acl = aclOf(subnet, records.networkAcls)
  return {
    id: subnet.subnetId,
    zone: subnet.zone,
    cidr: subnet.cidr,
    gateway: addressText((parseCidr(subnet.cidr)?.first ?? 0) + 1),
    routes: (table?.routes ?? []).map((route) => routeSpec(route, records)),
    ...(acl && !isOpen(acl) && { aclId: acl.networkAclId }),
  }
}

/** The one that guards a subnet: its own, else its VPC's default one. */
export function aclOf(subnet: Subnet, acls: readonly NetworkAcl[]): NetworkAcl | undefined {
  const { networkAclId, vpcId } = subnet
  return acls.find((acl) =>
    networkAclId === undefined
      ? acl.isDefault && acl.vpcId === vpcId
      : acl.networkAclId === networkAclId,
  )
}

function usedAcls({ subnets, networkAcls }: VpcRecords): readonly NetworkAcl[] {
  return networkAcls.filter((acl) => subnets.some((subnet) => aclOf(subnet, networkAcls) === acl))
}

/** As every VPC's default one is made: its first rule in each direction lets everything pass. */
function isOpen({ entries }: NetworkAcl): boolean {
  return (['ingress', 'egress'] as const).every((direction) => {
    const [first] = inOrder(entries, direction)
    const isAll = first?.protocol === -1 && first.cidr === '0.0.0.0/0'
    return isAll && first.isAllowed
  })
}

function inOrder(entries: readonly AclEntry[], direction: AclEntry['direction']) {
  return (
    entries
      // Rules for IPv6 meet no packet: there is none in a VPC.
      .filter((entry) => entry.direction === direction && !entry.cidr.includes(':'))
      .toSorted((a, b) => a.ruleNumber - b.ruleNumber)
  )
}

function aclSpec({ networkAclId, entries }: NetworkAcl): AclSpec {
  const rules = (direction: AclEntry['direction']): readonly AclRule[] =>
    inOrder(entries, direction).map(({ protocol, cidr, isAllowed, ports, icmp }) => ({
      protocol,
      cidr,
      isAllowed,
      ...(ports && { ports }),
      ...(icmp && { icmp }),
    }))
  return { id: networkAclId, ingress: rules('ingress'), egress: rules('egress') }
}

/** A route to a gateway that is not attached to this VPC is a black hole. */
function routeSpec(route: Route, { vpc, internetGateways }: VpcRecords): RouteSpec {
  const isAttached = internetGateways.some(
    (gateway) => gateway.internetGatewayId === route.gatewayId && gateway.vpcId === vpc.vpcId,
  )
  return { destinationCidr: route.destinationCidr, target: isAttached ? 'internet' : 'drop' }
}

/** Records are read one kind after another: a group that went in between guards nothing any more. */
function interfaceSpec(view: InterfaceView, groups: readonly SecurityGroup[]): InterfaceSpec {
  return {
    id: view.interfaceId,
    ...(view.machineId !== undefined && { machineId: view.machineId }),
    subnetId: view.subnetId,
    address: view.address,
    securityGroupIds: view.securityGroupIds.filter((id) =>
      groups.some((group) => group.groupId === id),
    ),
    macAddress: view.macAddress,
    ...(view.publicAddress !== undefined && { publicAddress: view.publicAddress }),
  }
}

function groupSpec(group: SecurityGroup): SecurityGroupSpec {
  const rules = (direction: GroupRule['direction']) =>
    group.rules.filter((rule) => rule.direction === direction).map(securityRule)
  return { id: group.groupId, ingress: rules('ingress'), egress: rules('egress') }
}

function securityRule(rule: GroupRule): SecurityRule {
  const { fromPort: from, toPort: to } = rule
  return {
    protocol: rule.protocol,
    ...(from !== undefined && to !== undefined && { ports: { from, to } }),
    peer:
      rule.peerGroupId === undefined
        ? { cidr: rule.cidr ?? '0.0.0.0/0' }
        : { securityGroupId: rule.peerGroupId },
  }
}

/**
 * The ranges that may reach a port of TCP, or of UDP, which these groups guard. A reference to a group becomes the addresses of its members.
 */
export function planAllowedCidrs(
  groups: readonly SecurityGroup[],
  members: readonly InterfaceView[],
  port: { readonly port: number; readonly protocol: 'tcp' | 'udp' },
): readonly string[] {
  const cidrs = new Set<string>()
  for (const rule of groups.flatMap((group) => group.rules)) {
    if (rule.direction !== 'ingress' || !covers(rule, port)) continue
    if (rule.cidr !== undefined) cidrs.add(rule.cidr)
    for (const member of members) {
      if (rule.peerGroupId && member.securityGroupIds.includes(rule.peerGroupId)) {
        cidrs.add(`${member.address}/32`)
      }
    }
  }
  return [...cidrs]
}

function covers(
  rule: GroupRule,
  { port, protocol }: { readonly port: number; readonly protocol: 'tcp' | 'udp' },
): boolean {
  if (rule.protocol === 'all') return true
  return (
    rule.protocol === protocol && port >= (rule.fromPort ?? 0) && port <= (rule.toPort ?? 65535)
  )
}

import type { Tag } from '../kernel/tags.ts'
import type { FlowSpec } from '../protocol/network.ts'
import { kindOf } from '../store/records.ts'
import type { InterfaceView } from './interfaces.ts'

export interface Vpc {
  readonly vpcId: string
  readonly cidr: string
  readonly isDefault: boolean
  readonly dnsSupport: boolean
  readonly dnsHostnames: boolean
  readonly tags: readonly Tag[]
}

export interface Subnet {
  readonly subnetId: string
  readonly vpcId: string
  readonly zone: string
  readonly cidr: string
  readonly isDefault: boolean
  readonly assignsPublicAddress: boolean
  /** Its VPC's default one when absent. */
  readonly networkAclId?: string
  /** Of the association with its network ACL; derived from its own id until it is replaced. */
  readonly aclAssociationId?: string
  readonly tags: readonly Tag[]
}

export interface InternetGateway {
  readonly internetGatewayId: string
  readonly vpcId?: string
  readonly tags: readonly Tag[]
}

export interface Route {
  readonly destinationCidr: string
  /** An internet gateway's or a NAT gateway's. */
  readonly gatewayId: string
}

/** Without a subnet it is the VPC's main association. */
export interface RouteAssociation {
  readonly associationId: string
  readonly subnetId?: string
}

export interface RouteTable {
  readonly routeTableId: string
  readonly vpcId: string
  /** Besides the local one. */
  readonly routes: readonly Route[]
  readonly associations: readonly RouteAssociation[]
  readonly tags: readonly Tag[]
}

export type RuleDirection = 'ingress' | 'egress'

/** One rule, as DescribeSecurityGroupRules shows it: one peer each. */
export interface GroupRule {
  readonly ruleId: string
  readonly direction: RuleDirection
  readonly protocol: 'all' | 'tcp' | 'udp' | 'icmp'
  /** Inclusive; both or none. */
  readonly fromPort?: number
  readonly toPort?: number
  readonly cidr?: string
  readonly peerGroupId?: string
  readonly description?: string
  readonly tags: readonly Tag[]
}

export interface SecurityGroup {
  readonly groupId: string
  readonly name: string
  readonly description: string
  readonly vpcId: string
  readonly rules: readonly GroupRule[]
  readonly tags: readonly Tag[]
}

export interface AclEntry {
  /** 1 to 32766; the lowest that matches decides. */
  readonly ruleNumber: number
  readonly direction: RuleDirection
  readonly protocol: number
  readonly cidr: string
  readonly isAllowed: boolean
  readonly ports?: { readonly from: number; readonly to: number }
  readonly icmp?: { readonly type: number; readonly code: number }
}

export interface NetworkAcl {
  readonly networkAclId: string
  readonly vpcId: string
  readonly isDefault: boolean
  /** Besides the last one of each direction, which denies all. */
  readonly entries: readonly AclEntry[]
  readonly tags: readonly Tag[]
}

export interface ElasticAddress {
  readonly allocationId: string
  readonly publicAddress: string
  readonly association?: { readonly associationId: string; readonly interfaceId: string }
  readonly tags: readonly Tag[]
}

export interface NatGateway {
  readonly natGatewayId: string
  readonly vpcId: string
  readonly subnetId: string
  readonly interfaceId: string
  readonly privateAddress: string
  /** Of a public one. */
  readonly allocationId?: string
  readonly publicAddress?: string
  readonly associationId?: string
  readonly createdAt: number
  readonly deletedAt?: number
  readonly tags: readonly Tag[]
}

export const vpcs = kindOf<Vpc>('network/vpc')
/** Owner: the VPC's id; likewise below. */
export const subnets = kindOf<Subnet>('network/subnet')
export const internetGateways = kindOf<InternetGateway>('network/internet-gateway')
export const routeTables = kindOf<RouteTable>('network/route-table')
export const securityGroups = kindOf<SecurityGroup>('network/security-group')
export const networkAcls = kindOf<NetworkAcl>('network/acl')
export const natGateways = kindOf<NatGateway>('network/nat-gateway')
/** Without an owner: it belongs to no VPC. */
export const elasticAddresses = kindOf<ElasticAddress>('network/elastic-address')
export const networkInterfaces = kindOf<InterfaceView>('network/interface')

/** One record for each address that is given out, so that giving it twice collides. Owner: the subnet's id. */
export const privateAddresses = kindOf<{ readonly interfaceId: string }>('network/private-address')
/** Likewise, of the whole installation: public addresses share one range over all accounts and regions. */
export const publicAddresses = kindOf<{ readonly interfaceId: string }>('network/public-address')

/** Which VPC is the scope's default one; without an id it was deleted and is not made again by itself. Id: `default`. */
export const defaultVpcs = kindOf<{ readonly vpcId?: string }>('network/default-vpc')

/** What balancers have the network itself pass on, by VPC. Id: the VPC's. */
export const networkFlows = kindOf<{
  readonly flows: readonly FlowSpec[]
  readonly zone: number
}>('network/flows')

export interface Generation {
  readonly generation: number
  /** A digest of what was sent. */
  readonly content: string
}

/** The number of the newest specification of a VPC that was sent to the host. Id: the VPC's. */
export const generations = kindOf<Generation>('network/generation')

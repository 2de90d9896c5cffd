/**
 * All of one VPC as the host is to make it: the whole desired state, numbered. Applying a specification twice, or after a
 * crash in the middle, ends in the same state; an older generation is refused.
 */
export interface NetworkSpec {
  /** The VPC's id. */
  readonly id: string
  readonly generation: number
  readonly cidr: string
  readonly subnets: readonly SubnetSpec[]
  readonly interfaces: readonly InterfaceSpec[]
  readonly securityGroups: readonly SecurityGroupSpec[]
  /** Network ACLs that subnets name; absent when every subnet lets everything pass. */
  readonly acls?: readonly AclSpec[]
  /** None when absent. */
  readonly flows?: readonly FlowSpec[]
  /** Flows of datagrams are remembered under this number, 1 to 65,535: under another one they are looked at anew. */
  readonly flowZone?: number
}

/**
 * Connections or datagrams to an address and port of a balancer that the network itself brings to one of several places, the sender's
 * address unchanged. All packets of one sender's port go to one place.
 */
export interface FlowSpec {
  readonly protocol: 'tcp' | 'udp'
  /** Of an interface; its public address counts too. */
  readonly address: string
  readonly port: number
  /** What comes from elsewhere is left to the interface. */
  readonly allowedCidrs: readonly string[]
  /** At least one. */
  readonly targets: readonly { readonly address: string; readonly port: number }[]
}

export interface SubnetSpec {
  readonly id: string
  readonly zone: string
  readonly cidr: string
  /** The router's address in it, the first one of the range. */
  readonly gateway: string
  /** Where packets for other places than the VPC go. Longest prefix first does not matter: the kernel sorts. */
  readonly routes: readonly RouteSpec[]
  /** What guards it besides security groups; nothing when absent. */
  readonly aclId?: string
}

export interface RouteSpec {
  readonly destinationCidr: string
  /** `internet`: through the internet gateway (needs a public address); `drop`: a black hole. */
  readonly target: 'internet' | 'drop'
}

/**
 * One address and its security groups. A machine's interfaces in one subnet are addresses of its `eth0`: a gateway machine has
 * one for each balancer that it serves.
 */
export interface InterfaceSpec {
  readonly id: string
  /** Absent while no machine has it. */
  readonly machineId?: string
  readonly subnetId: string
  readonly address: string
  readonly securityGroupIds: readonly string[]
  /** Answers for `address` from outside the VPC by 1:1 translation, while the subnet has a route to `internet`. */
  readonly publicAddress?: string
  /** Of the machine's `eth0`, as instance metadata tells it; the host's own choice when absent. */
  readonly macAddress?: string
}

export interface SecurityGroupSpec {
  readonly id: string
  readonly ingress: readonly SecurityRule[]
  readonly egress: readonly SecurityRule[]
}

export interface SecurityRule {
  readonly protocol: 'all' | 'tcp' | 'udp' | 'icmp'
  /** Inclusive; absent means all ports (or, for icmp, all types). */
  readonly ports?: { readonly from: number; readonly to: number }
  readonly peer: { readonly cidr: string } | { readonly securityGroupId: string }
}

/** Asked of every packet that enters or leaves a subnet, answers too: the first rule that matches decides, without one it is dropped. */
export interface AclSpec {
  readonly id: string
  readonly ingress: readonly AclRule[]
  readonly egress: readonly AclRule[]
}

export interface AclRule {
  /** IANA's number; -1 means all. */
  readonly protocol: number
  /** Of TCP and UDP, inclusive; absent means all. */
  readonly ports?: { readonly from: number; readonly to: number }
  /** -1 means all. */
  readonly icmp?: { readonly type: number; readonly code: number }
  /** The other side. */
  readonly cidr: string
  readonly isAllowed: boolean
}

export interface NetworkStatus {
  readonly id: string
  readonly generation: number
}

/** The addresses that every subnet answers on: metadata and the resolver. */
export const metadataAddress = '169.254.169.254'

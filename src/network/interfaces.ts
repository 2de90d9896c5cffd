import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { FlowSpec } from '../protocol/network.ts'

/** A subnet as other engines need it. */
export interface SubnetView {
  readonly subnetId: string
  readonly vpcId: string
  readonly zone: string
  readonly cidr: string
  /** Made with the default VPC: where a launch goes that names no subnet. */
  readonly isDefault: boolean
  /** Whether a launch here gets a public address when it does not say (`MapPublicIpOnLaunch`). */
  readonly assignsPublicAddress: boolean
}

/** One address of a subnet and the security groups that guard it. */
export interface InterfaceView {
  readonly interfaceId: string
  readonly vpcId: string
  readonly subnetId: string
  readonly zone: string
  readonly address: string
  readonly publicAddress?: string
  /** When its public address is an elastic one. */
  readonly allocationId?: string
  readonly associationId?: string
  readonly macAddress: string
  readonly securityGroupIds: readonly string[]
  /** The instance or gateway that has it. */
  readonly machineId?: string
  readonly description: string
  readonly tags: readonly Tag[]
}

export interface AllocateInterface {
  /** Choose it yourself (`eni-…`) to make the call repeatable: the same id again gives the same interface. */
  readonly interfaceId?: string
  readonly subnetId: string
  /** At least one, all of the subnet's VPC. */
  readonly securityGroupIds: readonly string[]
  readonly machineId?: string
  /** Whether it gets a public address; the subnet's own setting when absent. */
  readonly publicAddress?: boolean
  /** A particular address; any free one when absent. */
  readonly address?: string
  readonly description: string
  readonly tags?: readonly Tag[]
}

/** Addresses: given once, kept until released. Failures are `Refusal`s with EC2's codes. */
export interface Interfaces {
  allocate(scope: Scope, request: AllocateInterface): Promise<InterfaceView>
  /** Gives the addresses back. Releasing what is not there succeeds. */
  release(scope: Scope, interfaceId: string): Promise<void>
  /** Hands it to a machine; undefined takes it away. */
  attach(scope: Scope, interfaceId: string, machineId: string | undefined): Promise<InterfaceView>
  setSecurityGroups(
    scope: Scope,
    interfaceId: string,
    securityGroupIds: readonly string[],
  ): Promise<InterfaceView>
  find(scope: Scope, interfaceId: string): Promise<InterfaceView | undefined>
  list(
    scope: Scope,
    filter?: { readonly vpcId?: string; readonly machineId?: string },
  ): Promise<readonly InterfaceView[]>
}

/** What compute, balance and database ask of the network. */
export interface Network {
  readonly interfaces: Interfaces
  subnet(scope: Scope, subnetId: string): Promise<SubnetView | undefined>
  /** Ordered by zone. Makes the default VPC when this scope has never been used. */
  defaultSubnets(scope: Scope): Promise<readonly SubnetView[]>
  /** All subnets of the scope, or of one VPC. */
  subnets(scope: Scope, vpcId?: string): Promise<readonly SubnetView[]>
  securityGroup(
    scope: Scope,
    groupId: string,
  ): Promise<
    { readonly groupId: string; readonly name: string; readonly vpcId: string } | undefined
  >
  defaultSecurityGroup(scope: Scope, vpcId: string): Promise<string | undefined>
  /** The group of balancers' nodes that were given none, `amazon-elb/amazon-elb-sg`; made on first use. */
  balancerSecurityGroup(scope: Scope, vpcId: string): Promise<string>
  /**
   * Who may reach a port that these groups guard, of TCP unless it says otherwise, as ranges; a reference to another group becomes the addresses of its
   * members now. For doors that the packet filter cannot see.
   */
  allowedCidrs(
    scope: Scope,
    securityGroupIds: readonly string[],
    port: number,
    protocol?: 'tcp' | 'udp',
  ): Promise<readonly string[]>
  /** What the network itself passes on in a VPC; instead of what it did before. Resolves when that is written, and is in force soon. */
  setFlows(scope: Scope, vpcId: string, flows: readonly FlowSpec[]): Promise<void>
  /**
   * Resolves when everything that the records said at the time of the call is in force on the host. Call it after a change
   * and before a machine relies on it. With a new interface: what was there when it was written, which may be in force already.
   * Throws `DriverError` when the host cannot be reached.
   */
  ensureApplied(scope: Scope, vpcId: string, newInterfaceId?: string): Promise<void>
}

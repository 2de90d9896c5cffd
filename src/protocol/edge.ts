/** What the edge of a host is to serve. Pulled by number; the last one is kept on its disk. */
export interface EdgeConfiguration {
  readonly generation: number
  readonly sites: readonly SiteSpec[]
  /** Absent in configurations of earlier versions. */
  readonly securedSites?: readonly SecuredSiteSpec[]
  /** Likewise. */
  readonly tcpDoors?: readonly TcpDoorSpec[]
  /** Of VPCs that have machines and whose resolver is on; likewise. */
  readonly names?: readonly NetworkNames[]
}

/** What the resolver of one VPC knows, apart from what follows from addresses: `10.0.0.5` is `ip-10-0-0-5` in the private domain. */
export interface NetworkNames {
  readonly networkId: string
  /** Where it answers, inside. */
  readonly resolvers: readonly string[]
  readonly privateDomain: string
  readonly publicDomain: string
  /** Of instances. */
  readonly addresses: readonly string[]
  /** By public address: the one inside. */
  readonly publicAddresses: Readonly<Record<string, string>>
  readonly balancers: readonly {
    /** Lower-case. */
    readonly names: readonly string[]
    /** Of its nodes in zones that serve. */
    readonly addresses: readonly string[]
  }[]
}

/** A TCP listener of a balancer, to be opened on the host's loopback under its own number. */
export interface TcpDoorSpec {
  readonly listenerId: string
  readonly port: number
  readonly gateways: readonly GatewayDoor[]
}

/** A balancer as the outside names it. */
export interface SiteSpec {
  readonly balancerId: string
  /** Lower-case DNS names, without a port. */
  readonly names: readonly string[]
  /** The port that a site is asked for: the HTTP listener on 80, else the balancer's first HTTP listener. */
  readonly listenerId: string
  /** One for each zone of the balancer whose gateway runs. */
  readonly gateways: readonly GatewayDoor[]
}

/** A balancer's HTTPS listener, as the outside names it: the one on 443, else its first one. */
export interface SecuredSiteSpec {
  readonly listenerId: string
  /** The balancer's own name, and those of the listener's certificates. Lower-case; `*.` stands for one label. */
  readonly names: readonly string[]
  readonly gateways: readonly GatewayDoor[]
}

/** A gateway's Unix socket; a connection opens with the line of `GatewayHello`. */
export interface GatewayDoor {
  readonly gatewayId: string
  readonly zone: string
  readonly socketPath: string
  /** Known to serve nobody now: what is under way there is given up, and nothing new goes there. */
  readonly isLost?: boolean
}

export type { GatewayHello } from './gateway.ts'

/**
 * Instance metadata that changed since the number that an edge asked with. Pulled by number, apart from what else an edge serves: it is some
 * kilobytes for each machine, and one machine changes at a time. An edge keeps a file for each instance on its disk.
 */
export interface MetadataNews {
  readonly generation: number
  /** All that there is: an instance that is not named is gone. */
  readonly isWhole: boolean
  readonly changed: readonly PlacedMetadata[]
  /** Ids of instances. */
  readonly gone: readonly string[]
}

/** Of one instance, and whose metadata address answers with it. */
export interface PlacedMetadata {
  readonly networkId: string
  readonly instance: InstanceMetadata
}

export interface InstanceMetadata {
  readonly instanceId: string
  readonly address: string
  /** `required`: only with a session token (version 2). */
  readonly tokens: 'optional' | 'required'
  readonly enabled: boolean
  /** `meta-data/…` and `dynamic/…` leaves by path without a leading slash: `meta-data/instance-id` → text. */
  readonly leaves: Readonly<Record<string, string>>
  /** Base64, when there is any. */
  readonly userData?: string
  /** The name in `meta-data/iam/security-credentials/`, its credentials fetched from the server and kept until they expire. */
  readonly roleName?: string
}

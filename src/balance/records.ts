import type { Tag } from '../kernel/tags.ts'
import type {
  HealthCheckSpec,
  HttpBehaviour,
  RuleAction,
  RuleCondition,
  TargetRouting,
  TlsSpec,
} from '../protocol/gateway.ts'
import { kindOf } from '../store/records.ts'

/** Datagrams, or both datagrams and connections. */
export type Transport = 'udp' | 'tcp_udp'

/** Where a balancer has a node. */
export interface BalancerZone {
  readonly zone: string
  readonly subnetId: string
}

export interface Balancer {
  /** `app/web/50dc6c495c0c9188`: the ARN's last part, and the record's id. */
  readonly balancerId: string
  readonly name: string
  /** An Application Load Balancer when absent. */
  readonly type?: 'network'
  readonly dnsName: string
  readonly scheme: 'internet-facing' | 'internal'
  readonly vpcId: string
  readonly zones: readonly BalancerZone[]
  readonly securityGroupIds: readonly string[]
  readonly idleTimeoutSeconds: number
  readonly isProtected: boolean
  /** Of a network balancer: nodes send to targets of every zone. */
  readonly isCrossZone?: boolean
  /** ELBv2's defaults when absent. */
  readonly http?: HttpBehaviour
  /** Host goes on as it came, also to listeners on other ports than 80 and 443. */
  readonly preservesHost?: boolean
  /** HTTPS listeners speak HTTP/1.1 alone. */
  readonly refusesHttp2?: boolean
  /** `defensive` when absent. */
  readonly desyncMode?: DesyncMode
  /** Off when absent. */
  readonly accessLog?: AccessLogSettings
  readonly createdAt: number
  /** Active once the gateways of all its zones have answered; it stays so. */
  readonly state: 'provisioning' | 'active'
  readonly tags: readonly Tag[]
}

/** What becomes of requests that are not as RFC 7230 wants them. */
export type DesyncMode = 'monitor' | 'defensive' | 'strictest'

/** ELBv2's defaults of `http`. */
export const httpDefault: HttpBehaviour = {
  forwardedFor: 'append',
  hasClientPort: false,
  dropsInvalidHeaders: false,
  clientKeepAliveSeconds: 3600,
}

/** Where access logs go; what was set stays when they are switched off. */
export interface AccessLogSettings {
  readonly isEnabled: boolean
  /** Empty until it is set. */
  readonly bucket: string
  readonly prefix: string
  /** Between files of a classic balancer. */
  readonly minutes?: 5 | 60
}

/** Actions as the face gave them; gateways get them by rule. */
export interface BalancerListener {
  /** `app/web/50dc6c495c0c9188/f2f7dc8efc522ab2`. */
  readonly listenerId: string
  readonly balancerId: string
  readonly port: number
  /** Of a network balancer's listener; HTTP or HTTPS when absent. */
  readonly protocol?: 'tcp'
  /** Of a network balancer's listener: what it is for; TCP when absent. */
  readonly transport?: Transport
  /** Of a TCP listener; its balancer's when absent. */
  readonly idleTimeoutSeconds?: number
  /** Of an HTTPS or TLS listener; it speaks HTTP or TCP without. */
  readonly tls?: ListenerTls
  readonly action: RuleAction
  readonly tags: readonly Tag[]
}

export interface ListenerTls {
  /** ELBv2's name of the security policy. */
  readonly policy: string
  readonly minVersion: TlsSpec['minVersion']
  readonly maxVersion: TlsSpec['maxVersion']
  /** OpenSSL's own choice when absent. */
  readonly ciphers?: readonly string[]
  readonly isClientOrdered?: true
  /** Ids of certificates; the first one is the default. */
  readonly certificateIds: readonly string[]
}

export interface BalancerRule {
  /** The listener's id, a slash and sixteen digits. */
  readonly ruleId: string
  readonly listenerId: string
  readonly priority: number
  readonly conditions: readonly RuleCondition[]
  readonly action: RuleAction
  readonly tags: readonly Tag[]
}

export interface TargetGroup {
  /** `web/73e2d6bc24d8a067`. */
  readonly groupId: string
  readonly name: string
  /** HTTP when absent. */
  readonly protocol?: 'tcp'
  /** Of a network balancer's group; TCP when absent. */
  readonly transport?: Transport
  /** Of a network balancer's group for TCP: targets see the client's address, by the network itself. With datagrams they always do. */
  readonly preservesClient?: boolean
  /** Of HTTP: HTTP/1.1 when absent. The matcher of a group for gRPC is of its codes. */
  readonly version?: 'http2' | 'grpc'
  readonly port: number
  readonly vpcId: string
  /** HTTPS rather than HTTP, or TLS rather than TCP. */
  readonly isSecured?: true
  readonly targetType: 'instance' | 'ip'
  readonly healthCheck: HealthCheckSpec
  readonly deregistrationDelaySeconds: number
  /** Of a network balancer: targets are told of each connection's client by version 2 of the PROXY protocol. */
  readonly sendsProxyProtocol?: boolean
  /** Of a network balancer: a client's address keeps its target. */
  readonly isSourceSticky?: boolean
  /** Of a network balancer: connections to a target that has left end with its deregistration delay. */
  readonly endsConnections?: boolean
  /** ELBv2's defaults when absent. */
  readonly routing?: TargetRouting
  /** `false`: a gateway sends to targets of its own zone alone. The balancer's way, which is across zones, when absent. */
  readonly isCrossZone?: boolean
  readonly createdAt: number
  readonly tags: readonly Tag[]
}

export interface Target {
  readonly groupId: string
  /** An instance's id, or an address. */
  readonly targetId: string
  readonly port: number
  /** Of an address in a subnet of the VPC; all zones when absent. */
  readonly zone?: string
  readonly state: 'active' | 'draining'
  readonly drainingSince?: number
}

/** One machine for each subnet that has balancer nodes. */
export interface Gateway {
  readonly gatewayId: string
  readonly vpcId: string
  readonly zone: string
  readonly subnetId: string
}

export const balancers = kindOf<Balancer>('balance/balancer')
/** Owner: the balancer's id. */
export const listeners = kindOf<BalancerListener>('balance/listener')
/** Owner: the listener's id. */
export const rules = kindOf<BalancerRule>('balance/rule')
export const targetGroups = kindOf<TargetGroup>('balance/target-group')
/** Owner: the group's id. Id: `<group> <target>:<port>`. */
export const targets = kindOf<Target>('balance/target')
/** Owner: the VPC's id. Id: the gateway's. */
export const gateways = kindOf<Gateway>('balance/gateway')
/** What may be there once only: `balancer/web`, `group/web`, `port/<balancer>/80`, `priority/<listener>/1`. */
export const claims = kindOf<{ readonly by: string }>('balance/claim')

/** What a target is called within its group, for gateways and their reports. */
export function targetName(target: { targetId: string; port: number }): string {
  return `${target.targetId}:${target.port}`
}

export function targetRecordId(target: {
  groupId: string
  targetId: string
  port: number
}): string {
  return `${target.groupId} ${targetName(target)}`
}

/** The interface of a balancer's node in a subnet; the same each time it is asked for. */
export function nodeInterfaceId(balancerId: string, subnetId: string): string {
  return `eni-${digest(`${balancerId} ${subnetId}`)}`
}

/** The gateway's own interface, which carries no balancer. */
export function gatewayInterfaceId(gatewayId: string): string {
  return `eni-${gatewayId.replace(/^gw-/, '')}`
}

/** Seventeen hexadecimal digits out of a text, the same for the same text. Not a secret, only a name. */
function digest(text: string): string {
  let high = 0xcbf29ce4n
  let low = 0x84222325n
  for (const character of text) {
    const code = BigInt(character.codePointAt(0) ?? 0)
    high = ((high ^ code) * 0x100000001b3n) & 0xffffffffffffffffn
    low = ((low + high + code) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn
  }
  return `0${(high ^ low).toString(16).padStart(16, '0')}`
}

/** The groups that an action sends to. */
export function groupsOf(action: RuleAction): readonly string[] {
  return action.type === 'forward' ? action.targetGroups.map((group) => group.targetGroupId) : []
}

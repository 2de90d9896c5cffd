import type { Tag } from '../kernel/tags.ts'
import type { HealthCheckSpec } from '../protocol/gateway.ts'
import { kindOf } from '../store/records.ts'
import type {
  AccessLogSettings,
  Balancer,
  BalancerZone,
  DesyncMode,
  ListenerTls,
} from './records.ts'

/** A Classic Load Balancer: one record with all that its API sets. Its listeners, groups and targets are drawn from it. */
export interface ClassicBalancer {
  /** Unique among the classic ones of its account and region; the record's id. */
  readonly name: string
  /** `classic/web/50dc6c495c0c9188`: what gateways call it. */
  readonly balancerId: string
  readonly dnsName: string
  readonly scheme: Balancer['scheme']
  readonly vpcId: string
  readonly zones: readonly BalancerZone[]
  readonly securityGroupIds: readonly string[]
  /** Its nodes are in the group of those that were given none, `amazon-elb/amazon-elb-sg`. */
  readonly isInSharedGroup: boolean
  readonly listeners: readonly ClassicListener[]
  readonly policies: readonly ClassicPolicy[]
  readonly healthCheck: ClassicHealthCheck
  readonly isCrossZone: boolean
  /** Without it an instance that is taken out is gone at once. */
  readonly isDraining: boolean
  readonly drainingSeconds: number
  readonly idleTimeoutSeconds: number
  /** Off when absent. */
  readonly accessLog?: AccessLogSettings
  /** `defensive` when absent. */
  readonly desyncMode?: DesyncMode
  readonly createdAt: number
  readonly tags: readonly Tag[]
}

export interface ClassicListener {
  readonly port: number
  readonly protocol: 'http' | 'https' | 'tcp' | 'ssl'
  readonly instancePort: number
  /** Instances are spoken to inside TLS: HTTPS rather than HTTP, or SSL rather than TCP. */
  readonly isSecuredInside?: true
  /** Of an HTTPS or SSL listener. */
  readonly certificateId?: string
  readonly policyNames: readonly string[]
}

export type ClassicPolicy = { readonly name: string } & (
  | {
      readonly type: 'lb-cookie'
      /** A session of the browser's when absent. */
      readonly seconds?: number
    }
  | { readonly type: 'app-cookie'; readonly cookieName: string }
  | {
      readonly type: 'ssl'
      /** The predefined policy that it is; chosen one by one when absent. */
      readonly reference?: string
      readonly minVersion: ListenerTls['minVersion']
      readonly maxVersion: ListenerTls['maxVersion']
      readonly ciphers?: readonly string[]
      readonly isClientOrdered?: true
    }
)

export interface ClassicHealthCheck {
  readonly protocol: HealthCheckSpec['protocol']
  readonly port: number
  /** Of HTTP and HTTPS. */
  readonly path: string
  readonly intervalSeconds: number
  readonly timeoutSeconds: number
  readonly unhealthyThreshold: number
  readonly healthyThreshold: number
}

/** An instance that is registered, or is on its way out. */
export interface ClassicInstance {
  readonly balancerName: string
  readonly instanceId: string
  readonly state: 'active' | 'draining'
  readonly drainingSince?: number
}

/** Id: the name. Owner: the VPC's id. */
export const classicBalancers = kindOf<ClassicBalancer>('balance/classic-balancer')
/** Owner: the balancer's name. Id: `<name> <instance>`. */
export const classicInstances = kindOf<ClassicInstance>('balance/classic-instance')

export function classicInstanceRecordId(balancerName: string, instanceId: string): string {
  return `${balancerName} ${instanceId}`
}

/** Whether a balancer, listener or group belongs to a classic one, by its id. */
export function isClassicId(id: string): boolean {
  return id.startsWith('classic/')
}

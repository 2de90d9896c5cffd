/**
 * What one gateway (all balancer nodes of a VPC in a zone) is to do. Pulled by number; the last one is kept on its disk.
 */
export interface GatewayConfiguration {
  readonly generation: number
  readonly gatewayId: string
  readonly zone: string
  readonly listeners: readonly ListenerSpec[]
  readonly targetGroups: readonly TargetGroupSpec[]
  /** What carries the listeners that it can carry; the built-in plane carries all when absent. */
  readonly dataPlane?: 'haproxy'
}

export interface ListenerSpec {
  readonly id: string
  readonly balancerId: string
  /** The balancer's address in this zone, to listen on and to reach targets from. */
  readonly address: string
  readonly port: number
  /**
   * `tcp` and `tls`: each connection goes to a target of the last rule's group, as it is or without its TLS. `udp`: the network itself
   * passes datagrams on; the gateway looks after the targets alone.
   */
  readonly protocol: 'http' | 'https' | 'tcp' | 'tls' | 'udp'
  /** Of an HTTPS or TLS listener. */
  readonly tls?: TlsSpec
  /** Of an HTTPS listener: clients that ask for HTTP/2 get it. */
  readonly speaksHttp2?: true
  /** Who may connect, from the balancer's security groups; the edge's clients are held to it here. */
  readonly allowedCidrs: readonly string[]
  /** The first rule that matches answers. The last one, without conditions, is the default action. */
  readonly rules: readonly ListenerRule[]
  readonly idleTimeoutSeconds: number
  /** ALB's defaults when absent. */
  readonly http?: HttpBehaviour
  /** Each request is recorded, for files in a bucket of the balancer's owner. */
  readonly accessLog?: AccessLogSpec
}

/** What lines of an access log say that requests do not: names and ARNs as the outside has them. */
export interface AccessLogSpec {
  /** Of which kind of balancer. Of network ones, connections of TLS listeners are recorded. */
  readonly form: 'application' | 'network' | 'classic'
  /** `app/web/50dc6c495c0c9188`, or a classic balancer's name. */
  readonly balancerName: string
  readonly dnsName: string
  /** Between two files. */
  readonly periodSeconds: number
  /** ARNs of target groups, by id; none of classic ones. */
  readonly groupArns: Readonly<Record<string, string>>
  /** By the rule's id; the default rule has none. */
  readonly priorities: Readonly<Record<string, number>>
}

/** One file of an access log, on its way from a gateway to a bucket; the same again when it is sent twice. */
export interface AccessLogFile {
  readonly balancerId: string
  /** The balancer's node. */
  readonly address: string
  /** When its period ended. */
  readonly endedAt: number
  /** Tells files of one period apart. */
  readonly mark: string
  /** Base64, as it goes into the bucket. */
  readonly content: string
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'

export interface TlsSpec {
  readonly minVersion: TlsVersion
  readonly maxVersion: TlsVersion
  /** OpenSSL's names, the one that is preferred first; OpenSSL's own choice when absent. */
  readonly ciphers?: readonly string[]
  /** Rather than by the list, a cipher is chosen by what the client prefers. */
  readonly isClientOrdered?: true
  /** The first one is shown to clients that name nothing known. */
  readonly certificates: readonly TlsCertificate[]
}

export interface TlsCertificate {
  /** As the outside names it. */
  readonly arn?: string
  /** Lower-case DNS names; `*.` stands for one label. */
  readonly names: readonly string[]
  /** PEM, with those that issued it. */
  readonly certificate: string
  /** PKCS#8 PEM. */
  readonly privateKey: string
}

/** How a balancer treats heads and connections of HTTP; `routing.http.*` and `client_keep_alive.seconds` of ELBv2. */
export interface HttpBehaviour {
  readonly forwardedFor: 'append' | 'preserve' | 'remove'
  /** X-Forwarded-For names the client's port too. */
  readonly hasClientPort: boolean
  /** Header fields whose names are not letters, digits and hyphens do not reach targets. */
  readonly dropsInvalidHeaders: boolean
  /** A client's connection serves no new request once it is so old. */
  readonly clientKeepAliveSeconds: number
  /** Targets are told the listener's port in Host, where the client named none. */
  readonly namesPort?: true
  /** What becomes of requests that are not as RFC 7230 wants them; `defensive` when absent. */
  readonly desyncMode?: 'monitor' | 'strictest'
  /** Targets are told the client's version of TLS and its cipher. */
  readonly tellsTls?: boolean
}

export interface ListenerRule {
  readonly id: string
  readonly conditions: readonly RuleCondition[]
  readonly action: RuleAction
}

/** Values may hold `*` and `?`, but for methods and CIDR ranges. One value that matches is enough. */
export type RuleCondition =
  | { readonly field: 'path'; readonly values: readonly string[] }
  | { readonly field: 'host'; readonly values: readonly string[] }
  | { readonly field: 'header'; readonly name: string; readonly values: readonly string[] }
  | { readonly field: 'method'; readonly values: readonly string[] }
  | { readonly field: 'query'; readonly values: readonly QueryPattern[] }
  | { readonly field: 'source'; readonly values: readonly string[] }

/** Without a key, any key. */
export interface QueryPattern {
  readonly key?: string
  readonly value: string
}

export type RuleAction =
  | {
      readonly type: 'forward'
      readonly targetGroups: readonly WeightedTargetGroup[]
      /** A client keeps its group for so long, by a cookie. */
      readonly stickySeconds?: number
    }
  | {
      readonly type: 'fixed-response'
      readonly statusCode: number
      readonly contentType: string
      readonly body: string
    }
  | {
      readonly type: 'redirect'
      readonly statusCode: 301 | 302
      readonly protocol: string
      readonly host: string
      readonly port: string
      readonly path: string
      readonly query: string
    }

export interface WeightedTargetGroup {
  readonly targetGroupId: string
  readonly weight: number
}

export interface TargetGroupSpec {
  readonly id: string
  /** How targets of HTTP are spoken to, without TLS and without being asked; HTTP/1.1 when absent. */
  readonly version?: 'http2' | 'grpc'
  readonly healthCheck: HealthCheckSpec
  readonly targets: readonly TargetSpec[]
  /** Targets are spoken to inside TLS, whatever certificate they show. */
  readonly isSecured?: true
  /** Of TCP: targets are told of the client before its first byte. */
  readonly proxyProtocol?: 'v2'
  /** Of TCP: a client's address keeps its target. */
  readonly isSourceSticky?: true
  /** Of TCP: connections to a target that has left end; they go on when absent. Requests under way end always. */
  readonly endsConnections?: true
  /** Round robin, without slow start and stickiness, when absent. */
  readonly routing?: TargetRouting
}

/** Which target of a group a request goes to. */
export interface TargetRouting {
  readonly algorithm: 'round_robin' | 'least_outstanding_requests' | 'weighted_random'
  /** 0: a new target gets its whole share at once. */
  readonly slowStartSeconds: number
  readonly stickiness: Stickiness
  /** Nobody gets a request while no target is healthy, as behind Classic Load Balancers; all are tried when absent. */
  readonly failsClosed?: true
}

export interface Stickiness {
  readonly isEnabled: boolean
  readonly type: 'lb_cookie' | 'app_cookie'
  readonly lbCookieSeconds: number
  /** Empty until it is set. */
  readonly appCookieName: string
  readonly appCookieSeconds: number
  /** The cookie of Classic Load Balancers: `AWSELB`, of the browser's session when it lasts 0 seconds. */
  readonly isClassic?: true
}

export interface HealthCheckSpec {
  readonly enabled: boolean
  /** `https` and `tls` take any certificate, as balancers of AWS do. */
  readonly protocol: 'http' | 'https' | 'tcp' | 'tls' | 'http2' | 'grpc'
  readonly port: 'traffic-port' | number
  readonly path: string
  readonly intervalSeconds: number
  readonly timeoutSeconds: number
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
  /** `200`, `200-299`, `200,302`; of `grpc` codes of gRPC, such as `12` or `0-99`. */
  readonly matcher: string
}

export interface TargetSpec {
  /** Its id in the group: `i-…:80`. */
  readonly id: string
  readonly address: string
  readonly port: number
  /** A draining target gets no new request; what is in flight finishes. `gone`: its machine is known to have exited. */
  readonly state: 'active' | 'draining' | 'gone'
}

export type TargetHealthState = 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused'

/** What a gateway saw of a target. */
export interface TargetHealth {
  readonly targetGroupId: string
  readonly targetId: string
  readonly state: TargetHealthState
  /** AWS's reason code, `Target.ResponseCodeMismatch`, and words for a person. */
  readonly reason?: string
  readonly description?: string
  /** Requests in flight to it now; a draining target is done at 0. */
  readonly requestsInFlight: number
  readonly since: number
}

/** What a gateway tells upward, at every change and by period. */
export interface GatewayReport {
  readonly gatewayId: string
  readonly generation: number
  readonly targets: readonly TargetHealth[]
  readonly requestCount: number
  /** Ids of the listeners whose address and port are open. */
  readonly listening: readonly string[]
  /** What went through since the gateway's process began, by listener and target group. */
  readonly traffic?: readonly TrafficCounts[]
}

/** Totals; whoever reads takes differences. With a target group: what its targets answered; without: what the balancer did itself. */
export interface TrafficCounts {
  readonly balancerId: string
  readonly targetGroupId?: string
  readonly requests: number
  readonly answers: number
  /** From each request to the beginning of its answer, added up. */
  readonly answerSeconds: number
  readonly status2xx: number
  readonly status3xx: number
  readonly status4xx: number
  readonly status5xx: number
  /** Requests that were not as RFC 7230 wants them, whatever became of them. */
  readonly nonCompliant?: number
  /** Of the balancer's own answers of 5xx, those that AWS counts one by one. */
  readonly status500?: number
  readonly status502?: number
  readonly status503?: number
  readonly status504?: number
  /** Answers that rules gave. */
  readonly fixedResponses?: number
  readonly redirects?: number
  /** Of clients. */
  readonly connections: number
  /** Now: not a total. */
  readonly activeConnections: number
  /** Of clients, both ways. */
  readonly bytes: number
}

/** What an edge sends instead of a hello, once and again, to see whether the gateway serves; the answer is `gatewayWell`. */
export const gatewayPing = 'ping'
export const gatewayWell = 'well'

/**
 * The line an edge sends first on a connection to a gateway's door: which listener is meant and who the client is. JSON and a
 * newline; bytes of the client follow.
 */
export interface GatewayHello {
  readonly listenerId: string
  readonly clientAddress: string
  readonly clientPort: number
}

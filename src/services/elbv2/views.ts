import type {
  AvailabilityZone,
  Listener,
  LoadBalancer,
  Matcher,
  Rule,
  TargetGroup as TargetGroupView,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { balancerArn, listenerArn, ruleArn, targetGroupArn } from '../../balance/arns.ts'
import type {
  Balancer,
  BalancerListener,
  BalancerRule,
  TargetGroup,
} from '../../balance/records.ts'
import type { Scope } from '../../kernel/scope.ts'
import { actionView } from './actions.ts'
import { conditionView } from './conditions.ts'
import { certificateViews } from './listener-tls.ts'

/** ALB's hosted zone in us-east-1, and NLB's; one for all regions here, where no zone is hosted at Route 53. */
export function hostedZoneOf({ type }: Pick<Balancer, 'type'>): string {
  return type === 'network' ? 'Z26RNL4JYFTOTI' : 'Z35SXDOTRQ7X7K'
}

export function balancerView(scope: Scope, balancer: Balancer): LoadBalancer {
  return {
    LoadBalancerArn: balancerArn(scope, balancer.balancerId),
    LoadBalancerName: balancer.name,
    DNSName: balancer.dnsName,
    CanonicalHostedZoneId: hostedZoneOf(balancer),
    CreatedTime: new Date(balancer.createdAt),
    Scheme: balancer.scheme,
    VpcId: balancer.vpcId,
    State: { Code: balancer.state },
    Type: balancer.type ?? 'application',
    AvailabilityZones: zonesView(balancer),
    SecurityGroups: [...balancer.securityGroupIds],
    IpAddressType: 'ipv4',
    ...privateLinkView(balancer.type),
  }
}

/** Whoever comes to a network balancer is held to its security groups. */
export function privateLinkView(type: Balancer['type']): {
  readonly EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic?: 'on'
} {
  return type === 'network' ? { EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'on' } : {}
}

export function zonesView(balancer: Balancer): AvailabilityZone[] {
  return balancer.zones.map((zone) => ({
    ZoneName: zone.zone,
    SubnetId: zone.subnetId,
    LoadBalancerAddresses: [],
  }))
}

export function listenerView(scope: Scope, listener: BalancerListener): Listener {
  return {
    ListenerArn: listenerArn(scope, listener.listenerId),
    LoadBalancerArn: balancerArn(scope, listener.balancerId),
    Port: listener.port,
    ...protocolView(scope, listener),
    DefaultActions: [actionView(scope, listener.action)],
  }
}

function protocolView(scope: Scope, { protocol, transport, tls }: BalancerListener): Listener {
  if (transport !== undefined) return { Protocol: transportNames[transport] }
  if (tls === undefined) return { Protocol: protocol === 'tcp' ? 'TCP' : 'HTTP' }
  return {
    Protocol: protocol === 'tcp' ? 'TLS' : 'HTTPS',
    SslPolicy: tls.policy,
    ...(protocol === 'tcp' ? {} : { MutualAuthentication: { Mode: 'off' } }),
    Certificates: certificateViews(scope, tls)
      .slice(0, 1)
      .map(({ CertificateArn }) => ({ CertificateArn })),
  }
}

export function ruleView(scope: Scope, rule: BalancerRule): Rule {
  return {
    RuleArn: ruleArn(scope, rule.ruleId),
    Priority: String(rule.priority),
    Conditions: rule.conditions.map(conditionView),
    Actions: [actionView(scope, rule.action)],
    IsDefault: false,
  }
}

/** A listener's default action as the last of its rules. */
export function defaultRuleView(scope: Scope, listener: BalancerListener): Rule {
  return {
    RuleArn: ruleArn(scope, `${listener.listenerId}/default`),
    Priority: 'default',
    Conditions: [],
    Actions: [actionView(scope, listener.action)],
    IsDefault: true,
  }
}

const transportNames = { tcp: 'TCP', udp: 'UDP', tcp_udp: 'TCP_UDP' } as const
const versionNames = { http1: 'HTTP1', http2: 'HTTP2', grpc: 'GRPC' } as const

function matcherView({ version, healthCheck: { matcher } }: TargetGroup): Matcher {
  return version === 'grpc' ? { GrpcCode: matcher } : { HttpCode: matcher }
}

const checkNames: Readonly<Record<string, 'TCP' | 'HTTPS'>> = { tcp: 'TCP', https: 'HTTPS' }

export function groupView(
  scope: Scope,
  group: TargetGroup,
  balancerId: string | undefined,
): TargetGroupView {
  const check = group.healthCheck
  return {
    TargetGroupArn: targetGroupArn(scope, group.groupId),
    TargetGroupName: group.name,
    ...(group.protocol === 'tcp'
      ? { Protocol: group.isSecured ? 'TLS' : transportNames[group.transport ?? 'tcp'] }
      : {
          Protocol: group.isSecured ? 'HTTPS' : 'HTTP',
          ProtocolVersion: versionNames[group.version ?? 'http1'],
        }),
    Port: group.port,
    VpcId: group.vpcId,
    TargetType: group.targetType,
    IpAddressType: 'ipv4',
    HealthCheckProtocol: checkNames[check.protocol] ?? 'HTTP',
    HealthCheckPort: String(check.port),
    HealthCheckEnabled: check.enabled,
    HealthCheckIntervalSeconds: check.intervalSeconds,
    HealthCheckTimeoutSeconds: check.timeoutSeconds,
    HealthyThresholdCount: check.healthyThreshold,
    UnhealthyThresholdCount: check.unhealthyThreshold,
    ...(check.protocol === 'tcp'
      ? {}
      : { HealthCheckPath: check.path, Matcher: matcherView(group) }),
    LoadBalancerArns: balancerId === undefined ? [] : [balancerArn(scope, balancerId)],
  }
}

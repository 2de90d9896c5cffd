import type {
  LoadBalancerDescription,
  SourceSecurityGroup,
} from '@aws-sdk/client-elastic-load-balancing'
import type { ClassicBalancer } from '../../balance/classic-records.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { ElbDeps } from './deps.ts'
import { healthCheckView } from './health-check.ts'
import { listenerView } from './listeners.ts'

/** The hosted zone of us-east-1; one for all regions here, where no zone is hosted at Route 53. */
export const hostedZoneId = 'Z35SXDOTRQ7X7K'

/** The group of balancers that were given none is called as templates of EC2-Classic expect it. */
const sharedSource: SourceSecurityGroup = {
  OwnerAlias: 'amazon-elb',
  GroupName: 'amazon-elb-sg',
}

export async function balancerView(
  deps: ElbDeps,
  scope: Scope,
  balancer: ClassicBalancer,
): Promise<LoadBalancerDescription> {
  const registered = await deps.balance.classicRegistry.list(scope, balancer.name)
  return {
    LoadBalancerName: balancer.name,
    DNSName: balancer.dnsName,
    CanonicalHostedZoneName: balancer.dnsName,
    CanonicalHostedZoneNameID: hostedZoneId,
    ListenerDescriptions: balancer.listeners.map((listener) => ({
      Listener: listenerView(scope, listener),
      PolicyNames: [...listener.policyNames],
    })),
    Policies: policiesView(balancer),
    BackendServerDescriptions: [],
    AvailabilityZones: balancer.zones.map((zone) => zone.zone),
    Subnets: balancer.zones.map((zone) => zone.subnetId),
    VPCId: balancer.vpcId,
    Instances: registered
      .filter((instance) => instance.state === 'active')
      .map(({ instanceId }) => ({ InstanceId: instanceId })),
    HealthCheck: healthCheckView(balancer.healthCheck),
    SourceSecurityGroup: await sourceOf(deps, scope, balancer),
    SecurityGroups: [...balancer.securityGroupIds],
    CreatedTime: new Date(balancer.createdAt),
    Scheme: balancer.scheme,
  }
}

function policiesView({ policies }: ClassicBalancer): LoadBalancerDescription['Policies'] {
  return {
    AppCookieStickinessPolicies: policies.flatMap((policy) =>
      policy.type === 'app-cookie'
        ? [{ PolicyName: policy.name, CookieName: policy.cookieName }]
        : [],
    ),
    LBCookieStickinessPolicies: policies.flatMap((policy) =>
      policy.type === 'lb-cookie'
        ? [
            {
              PolicyName: policy.name,
              ...(policy.seconds === undefined ? {} : { CookieExpirationPeriod: policy.seconds }),
            },
          ]
        : [],
    ),
    OtherPolicies: policies.flatMap((policy) => (policy.type === 'ssl' ? [policy.name] : [])),
  }
}

/** The group that instances let in to let the balancer in. */
export async function sourceOf(
  { network }: ElbDeps,
  scope: Scope,
  balancer: ClassicBalancer,
): Promise<SourceSecurityGroup | undefined> {
  if (balancer.isInSharedGroup) return sharedSource
  const [first] = balancer.securityGroupIds
  const group = first === undefined ? undefined : await network.securityGroup(scope, first)
  return group && { OwnerAlias: scope.account, GroupName: group.name }
}

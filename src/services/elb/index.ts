import { answeringType } from '../../stacks/answering-type.ts'
import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import type { ElbDeps } from './deps.ts'
import { asAwsError, unsupportedMember } from './errors.ts'
import { addTags } from './operations/add-tags.ts'
import { applySecurityGroupsToLoadBalancer } from './operations/apply-security-groups-to-load-balancer.ts'
import { attachLoadBalancerToSubnets } from './operations/attach-load-balancer-to-subnets.ts'
import { configureHealthCheck } from './operations/configure-health-check.ts'
import { createAppCookieStickinessPolicy } from './operations/create-app-cookie-stickiness-policy.ts'
import { createLbCookieStickinessPolicy } from './operations/create-lb-cookie-stickiness-policy.ts'
import { createLoadBalancer } from './operations/create-load-balancer.ts'
import { createLoadBalancerListeners } from './operations/create-load-balancer-listeners.ts'
import { createLoadBalancerPolicy } from './operations/create-load-balancer-policy.ts'
import { deleteLoadBalancer } from './operations/delete-load-balancer.ts'
import { deleteLoadBalancerListeners } from './operations/delete-load-balancer-listeners.ts'
import { deleteLoadBalancerPolicy } from './operations/delete-load-balancer-policy.ts'
import { deregisterInstancesFromLoadBalancer } from './operations/deregister-instances-from-load-balancer.ts'
import { describeAccountLimits } from './operations/describe-account-limits.ts'
import { describeInstanceHealth } from './operations/describe-instance-health.ts'
import { describeLoadBalancerAttributes } from './operations/describe-load-balancer-attributes.ts'
import { describeLoadBalancerPolicies } from './operations/describe-load-balancer-policies.ts'
import { describeLoadBalancerPolicyTypes } from './operations/describe-load-balancer-policy-types.ts'
import { describeLoadBalancers } from './operations/describe-load-balancers.ts'
import { describeTags } from './operations/describe-tags.ts'
import { detachLoadBalancerFromSubnets } from './operations/detach-load-balancer-from-subnets.ts'
import { disableAvailabilityZonesForLoadBalancer } from './operations/disable-availability-zones-for-load-balancer.ts'
import { enableAvailabilityZonesForLoadBalancer } from './operations/enable-availability-zones-for-load-balancer.ts'
import { modifyLoadBalancerAttributes } from './operations/modify-load-balancer-attributes.ts'
import { registerInstancesWithLoadBalancer } from './operations/register-instances-with-load-balancer.ts'
import { removeTags } from './operations/remove-tags.ts'
import { setLoadBalancerListenerSslCertificate } from './operations/set-load-balancer-listener-ssl-certificate.ts'
import { setLoadBalancerPoliciesForBackendServer } from './operations/set-load-balancer-policies-for-backend-server.ts'
import { setLoadBalancerPoliciesOfListener } from './operations/set-load-balancer-policies-of-listener.ts'
import { loadBalancerType } from './stack-resources/load-balancer.ts'

/** Elastic Load Balancing, version 2012-06-01: Classic Load Balancers. */
export function elbService(deps: ElbDeps): Service {
  return serviceOf(deps, {
    id: 'elb',
    countsInWholes: true,
    refuseMember: unsupportedMember,
    asAwsError,
    operations: {
      AddTags: addTags,
      ApplySecurityGroupsToLoadBalancer: applySecurityGroupsToLoadBalancer,
      AttachLoadBalancerToSubnets: attachLoadBalancerToSubnets,
      ConfigureHealthCheck: configureHealthCheck,
      CreateAppCookieStickinessPolicy: createAppCookieStickinessPolicy,
      CreateLBCookieStickinessPolicy: createLbCookieStickinessPolicy,
      CreateLoadBalancer: createLoadBalancer,
      CreateLoadBalancerListeners: createLoadBalancerListeners,
      CreateLoadBalancerPolicy: createLoadBalancerPolicy,
      DeleteLoadBalancer: deleteLoadBalancer,
      DeleteLoadBalancerListeners: deleteLoadBalancerListeners,
      DeleteLoadBalancerPolicy: deleteLoadBalancerPolicy,
      DeregisterInstancesFromLoadBalancer: deregisterInstancesFromLoadBalancer,
      DescribeAccountLimits: describeAccountLimits,
      DescribeInstanceHealth: describeInstanceHealth,
      DescribeLoadBalancerAttributes: describeLoadBalancerAttributes,
      DescribeLoadBalancerPolicies: describeLoadBalancerPolicies,
      DescribeLoadBalancerPolicyTypes: describeLoadBalancerPolicyTypes,
      DescribeLoadBalancers: describeLoadBalancers,
      DescribeTags: describeTags,
      DetachLoadBalancerFromSubnets: detachLoadBalancerFromSubnets,
      DisableAvailabilityZonesForLoadBalancer: disableAvailabilityZonesForLoadBalancer,
      EnableAvailabilityZonesForLoadBalancer: enableAvailabilityZonesForLoadBalancer,
      ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes,
      RegisterInstancesWithLoadBalancer: registerInstancesWithLoadBalancer,
      RemoveTags: removeTags,
      SetLoadBalancerListenerSSLCertificate: setLoadBalancerListenerSslCertificate,
      SetLoadBalancerPoliciesForBackendServer: setLoadBalancerPoliciesForBackendServer,
      SetLoadBalancerPoliciesOfListener: setLoadBalancerPoliciesOfListener,
    },
  })
}

export function elbResourceTypes(deps: ElbDeps): readonly ResourceType[] {
  return [answeringType(loadBalancerType(deps), asAwsError)]
}

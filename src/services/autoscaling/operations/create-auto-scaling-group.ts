import type { Operation } from '../../../wire/service.ts'
import { is } from '../../../wire/accept.ts'
import { newGroup } from '../create-group.ts'
import { alreadyExists } from '../errors.ts'
import { checkTagCount } from '../change-tags.ts'
import { checkTagKeys, checkTags } from '../group-specification.ts'
import { testTargets } from '../listed-hooks.ts'
import { mixedInstancesMembers } from '../mixed-instances.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const createAutoScalingGroup: Operation<
  AutoScalingOperations,
  'CreateAutoScalingGroup',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    LaunchTemplate: { LaunchTemplateId: true, LaunchTemplateName: true, Version: true },
    LaunchConfigurationName: true,
    MixedInstancesPolicy: mixedInstancesMembers,
    MinSize: true,
    MaxSize: true,
    DesiredCapacity: true,
    DefaultCooldown: true,
    AvailabilityZones: true,
    VPCZoneIdentifier: true,
    HealthCheckType: true,
    HealthCheckGracePeriod: true,
    TerminationPolicies: true,
    NewInstancesProtectedFromScaleIn: true,
    CapacityRebalance: true,
    DesiredCapacityType: is('units'),
    MaxInstanceLifetime: true,
    InstanceMaintenancePolicy: { MinHealthyPercentage: true, MaxHealthyPercentage: true },
    DeletionProtection: is('none'),
    AvailabilityZoneDistribution: { CapacityDistributionStrategy: is('balanced-best-effort') },
    TargetGroupARNs: true,
    Tags: {
      Key: true,
      Value: true,
      PropagateAtLaunch: true,
      ResourceId: true,
      ResourceType: is('auto-scaling-group'),
    },
    LoadBalancerNames: true,
    LifecycleHookSpecificationList: {
      LifecycleHookName: true,
      LifecycleTransition: true,
      HeartbeatTimeout: true,
      DefaultResult: true,
      NotificationMetadata: true,
      NotificationTargetARN: true,
      RoleARN: true,
    },
    DefaultInstanceWarmup: true,
    TrafficSources: { Identifier: true, Type: true },
  },
  async handle(input, request, deps) {
    const tags = checkTagCount(checkTagKeys(checkTags(input.Tags ?? [])))
    const group = await newGroup(deps, request.scope, input, tags)
    if (!(await deps.scale.create(request.scope, group))) throw alreadyExists(group.name)
    await testTargets(deps, request.scope, group)
    return {}
  },
}

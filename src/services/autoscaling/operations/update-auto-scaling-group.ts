import type { Operation } from '../../../wire/service.ts'
import { is } from '../../../wire/accept.ts'
import { updateGroup } from '../update-group.ts'
import { mixedInstancesMembers } from '../mixed-instances.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const updateAutoScalingGroup: Operation<
  AutoScalingOperations,
  'UpdateAutoScalingGroup',
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
    DefaultInstanceWarmup: true,
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
  },
  async handle(input, request, deps) {
    await updateGroup(deps, request.scope, input)
    return {}
  },
}

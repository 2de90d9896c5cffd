import type {
  AutoScalingGroup,
  AutoScalingInstanceDetails,
  LifecycleState,
} from '@aws-sdk/client-auto-scaling'
import { classicNameIn } from '../../balance/arns.ts'
import { granularity } from './metrics-collection.ts'
import { mixedInstancesShape } from './mixed-instances.ts'
import { isConfiguration } from '../../scale/launch-configurations.ts'
import { isPooled } from '../../scale/domain/views.ts'
import { isWeighted, weightOf } from '../../scale/weights.ts'
import { warmPoolShape } from './warm-pool-specification.ts'
import type { ShownActivity } from '../../scale/shown-status.ts'
import { shownLifecycle, type Activity, type Group, type Member } from '../../scale/group.ts'

/** A group as DescribeAutoScalingGroups shows it; `poolMembers` are counted even where no instances are shown. */
export function groupShape(
  group: Group,
  members: readonly Member[] | undefined,
  poolMembers = members,
): AutoScalingGroup {
  const subnets = group.places.flatMap((place) => place.subnetId ?? [])
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    ...sourceShape(group),
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DesiredCapacity: group.desiredCapacity,
    DefaultCooldown: group.defaultCooldownSeconds,
    ...(group.defaultWarmupSeconds === undefined
      ? {}
      : { DefaultInstanceWarmup: group.defaultWarmupSeconds }),
    ...(group.maxInstanceLifetimeSeconds === undefined
      ? {}
      : { MaxInstanceLifetime: group.maxInstanceLifetimeSeconds }),
    ...(group.maintenance === undefined
      ? {}
      : {
          InstanceMaintenancePolicy: {
            MinHealthyPercentage: group.maintenance.minPercent,
            MaxHealthyPercentage: group.maintenance.maxPercent,
          },
        }),
    ...(group.rebalancesCapacity === undefined
      ? {}
      : { CapacityRebalance: group.rebalancesCapacity }),
    AvailabilityZones: [...new Set(group.places.map((place) => place.zone))].sort(),
    LoadBalancerNames: classicNames(group),
    TargetGroupARNs: targetGroupArns(group),
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.healthCheckGraceSeconds,
    Instances: (members ?? [])
      .filter((member) => !isWarm(member))
      .flatMap((member) => memberShape(group, member)),
    ...(group.warmPool && {
      WarmPoolConfiguration: warmPoolShape(group.warmPool),
      WarmPoolSize: (poolMembers ?? []).filter(isWarm).length,
    }),
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: group.suspendedProcesses.map((ProcessName) => ({
      ProcessName,
      SuspensionReason: 'User suspended',
    })),
    VPCZoneIdentifier: subnets.join(','),
    EnabledMetrics: (group.enabledMetrics ?? []).map((Metric) => ({
      Metric,
      Granularity: granularity,
    })),
    ...(group.isDeleting ? { Status: 'Delete in progress' } : {}),
    Tags: tagShapes(group),
    TerminationPolicies: [...group.terminationPolicies],
    NewInstancesProtectedFromScaleIn: group.newInstancesProtected,
    TrafficSources: [
      ...classicNames(group).map((Identifier) => ({ Identifier, Type: 'elb' })),
      ...targetGroupArns(group).map((Identifier) => ({ Identifier, Type: 'elbv2' })),
    ],
  }
}

/** A group's record names classic balancers by their ARN, among its target groups. */
export function classicNames(group: Pick<Group, 'targetGroupArns'>): string[] {
  return group.targetGroupArns.flatMap((arn) => classicNameIn(arn) ?? [])
}

export function targetGroupArns(group: Pick<Group, 'targetGroupArns'>): string[] {
  return group.targetGroupArns.filter((arn) => classicNameIn(arn) === undefined)
}

export function tagShapes(group: Group) {
  return group.tags.map((tag) => ({
    ResourceId: group.name,
    ResourceType: 'auto-scaling-group',
    ...tag,
  }))
}

/** Shown with the warm pool, and not among the group's instances. */
export function isWarm({ lifecycle, warm }: Member): boolean {
  return isPooled(lifecycle) || (lifecycle === 'Terminating' && warm === 'leaving')
}

/** Nothing while the instance has no id yet. */
export function memberShape(group: Group | undefined, member: Member) {
  if (member.instanceId === undefined) return []
  return [
    {
      InstanceId: member.instanceId,
      InstanceType: member.instanceType,
      AvailabilityZone: member.zone,
      LifecycleState: shownLifecycle(member) as LifecycleState,
      HealthStatus: member.health,
      ...(member.launchTemplate ? templateShape(member.launchTemplate) : {}),
      ImageId: member.imageId,
      ProtectedFromScaleIn: member.isProtected,
      ...(group &&
        isWeighted(group) && { WeightedCapacity: String(weightOf(group, member.instanceType)) }),
    },
  ]
}

/** As DescribeAutoScalingInstances shows it: its health in capitals, as on AWS. */
export function instanceDetails(
  group: Group | undefined,
  member: Member,
): AutoScalingInstanceDetails[] {
  return memberShape(group, member).map((shape) => ({
    ...shape,
    AutoScalingGroupName: member.groupName,
    HealthStatus: member.health.toUpperCase(),
  }))
}

/** Where nobody looked at its member it says its plain status. */
export function activityShape(activity: Activity & Partial<ShownActivity>) {
  return {
    ActivityId: activity.activityId,
    AutoScalingGroupName: activity.groupName,
    AutoScalingGroupARN: activity.groupArn,
    Description: activity.description,
    Cause: activity.cause,
    StartTime: new Date(activity.startTime),
    ...(activity.endTime === undefined ? {} : { EndTime: new Date(activity.endTime) }),
    StatusCode: activity.shownStatus ?? activity.statusCode,
    ...(activity.statusMessage === undefined ? {} : { StatusMessage: activity.statusMessage }),
    Progress: activity.progress,
    Details: activity.details,
  }
}

function sourceShape({ launchTemplate, mixedInstances }: Group) {
  return mixedInstances
    ? { MixedInstancesPolicy: mixedInstancesShape(launchTemplate, mixedInstances) }
    : templateShape(launchTemplate)
}

function templateShape(template: Group['launchTemplate']) {
  if (isConfiguration(template)) return { LaunchConfigurationName: template.launchTemplateName }
  return {
    LaunchTemplate: {
      LaunchTemplateId: template.launchTemplateId,
      LaunchTemplateName: template.launchTemplateName,
      Version: template.version,
    },
  }
}

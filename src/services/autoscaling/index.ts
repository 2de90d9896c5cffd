import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { unsupportedMember } from './errors.ts'
import { attachInstances } from './operations/attach-instances.ts'
import { attachLoadBalancers } from './operations/attach-load-balancers.ts'
import { attachTrafficSources } from './operations/attach-traffic-sources.ts'
import { attachLoadBalancerTargetGroups } from './operations/attach-load-balancer-target-groups.ts'
import { batchDeleteScheduledAction } from './operations/batch-delete-scheduled-action.ts'
import { batchPutScheduledUpdateGroupAction } from './operations/batch-put-scheduled-update-group-action.ts'
import { cancelInstanceRefresh } from './operations/cancel-instance-refresh.ts'
import { completeLifecycleAction } from './operations/complete-lifecycle-action.ts'
import { createAutoScalingGroup } from './operations/create-auto-scaling-group.ts'
import { createLaunchConfiguration } from './operations/create-launch-configuration.ts'
import { createOrUpdateTags } from './operations/create-or-update-tags.ts'
import { deleteAutoScalingGroup } from './operations/delete-auto-scaling-group.ts'
import { deleteLaunchConfiguration } from './operations/delete-launch-configuration.ts'
import { deleteLifecycleHook } from './operations/delete-lifecycle-hook.ts'
import { deletePolicy } from './operations/delete-policy.ts'
import { deleteScheduledAction } from './operations/delete-scheduled-action.ts'
import { deleteTags } from './operations/delete-tags.ts'
import { describeAccountLimits } from './operations/describe-account-limits.ts'
import { describeAdjustmentTypes } from './operations/describe-adjustment-types.ts'
import { describeAutoScalingGroups } from './operations/describe-auto-scaling-groups.ts'
import { describeAutoScalingInstances } from './operations/describe-auto-scaling-instances.ts'
import { describeInstanceRefreshes } from './operations/describe-instance-refreshes.ts'
import { describeLaunchConfigurations } from './operations/describe-launch-configurations.ts'
import { describeLifecycleHookTypes } from './operations/describe-lifecycle-hook-types.ts'
import { describeLifecycleHooks } from './operations/describe-lifecycle-hooks.ts'
import { describeLoadBalancers } from './operations/describe-load-balancers.ts'
import { describeTrafficSources } from './operations/describe-traffic-sources.ts'
import { describeLoadBalancerTargetGroups } from './operations/describe-load-balancer-target-groups.ts'
import { describeMetricCollectionTypes } from './operations/describe-metric-collection-types.ts'
import { describePolicies } from './operations/describe-policies.ts'
import { describeScalingActivities } from './operations/describe-scaling-activities.ts'
import { describeScalingProcessTypes } from './operations/describe-scaling-process-types.ts'
import { describeScheduledActions } from './operations/describe-scheduled-actions.ts'
import { describeTags } from './operations/describe-tags.ts'
import { describeTerminationPolicyTypes } from './operations/describe-termination-policy-types.ts'
import { detachInstances } from './operations/detach-instances.ts'
import { detachLoadBalancers } from './operations/detach-load-balancers.ts'
import { detachTrafficSources } from './operations/detach-traffic-sources.ts'
import { detachLoadBalancerTargetGroups } from './operations/detach-load-balancer-target-groups.ts'
import { disableMetricsCollection } from './operations/disable-metrics-collection.ts'
import { enableMetricsCollection } from './operations/enable-metrics-collection.ts'
import { enterStandby } from './operations/enter-standby.ts'
import { executePolicy } from './operations/execute-policy.ts'
import { exitStandby } from './operations/exit-standby.ts'
import { deleteWarmPool } from './operations/delete-warm-pool.ts'
import { describeWarmPool } from './operations/describe-warm-pool.ts'
import { putWarmPool } from './operations/put-warm-pool.ts'
import { putNotificationConfiguration } from './operations/put-notification-configuration.ts'
import { deleteNotificationConfiguration } from './operations/delete-notification-configuration.ts'
import { describeNotificationConfigurations } from './operations/describe-notification-configurations.ts'
import { describeAutoScalingNotificationTypes } from './operations/describe-auto-scaling-notification-types.ts'
import { putLifecycleHook } from './operations/put-lifecycle-hook.ts'
import { putScalingPolicy } from './operations/put-scaling-policy.ts'
import { putScheduledUpdateGroupAction } from './operations/put-scheduled-update-group-action.ts'
import { recordLifecycleActionHeartbeat } from './operations/record-lifecycle-action-heartbeat.ts'
import { resumeProcesses } from './operations/resume-processes.ts'
import { rollbackInstanceRefresh } from './operations/rollback-instance-refresh.ts'
import { setDesiredCapacity } from './operations/set-desired-capacity.ts'
import { setInstanceHealth } from './operations/set-instance-health.ts'
import { setInstanceProtection } from './operations/set-instance-protection.ts'
import { startInstanceRefresh } from './operations/start-instance-refresh.ts'
import { suspendProcesses } from './operations/suspend-processes.ts'
import { terminateInstanceInAutoScalingGroup } from './operations/terminate-instance-in-auto-scaling-group.ts'
import { updateAutoScalingGroup } from './operations/update-auto-scaling-group.ts'
import type { AutoScalingDeps } from './service-deps.ts'
import { autoScalingGroupType } from './stack-resources/auto-scaling-group.ts'
import { launchConfigurationType } from './stack-resources/launch-configuration.ts'
import { lifecycleHookType } from './stack-resources/lifecycle-hook.ts'
import { scalingPolicyType } from './stack-resources/scaling-policy.ts'
import { warmPoolType } from './stack-resources/warm-pool.ts'
import { scheduledActionType } from './stack-resources/scheduled-action.ts'

const operations = {
  AttachInstances: attachInstances,
  AttachLoadBalancers: attachLoadBalancers,
  AttachTrafficSources: attachTrafficSources,
  AttachLoadBalancerTargetGroups: attachLoadBalancerTargetGroups,
  BatchDeleteScheduledAction: batchDeleteScheduledAction,
  BatchPutScheduledUpdateGroupAction: batchPutScheduledUpdateGroupAction,
  CancelInstanceRefresh: cancelInstanceRefresh,
  CompleteLifecycleAction: completeLifecycleAction,
  CreateAutoScalingGroup: createAutoScalingGroup,
  CreateLaunchConfiguration: createLaunchConfiguration,
  CreateOrUpdateTags: createOrUpdateTags,
  DeleteAutoScalingGroup: deleteAutoScalingGroup,
  DeleteLaunchConfiguration: deleteLaunchConfiguration,
  DeleteLifecycleHook: deleteLifecycleHook,
  DeletePolicy: deletePolicy,
  DeleteScheduledAction: deleteScheduledAction,
  DeleteTags: deleteTags,
  DeleteWarmPool: deleteWarmPool,
  DescribeAccountLimits: describeAccountLimits,
  DescribeAdjustmentTypes: describeAdjustmentTypes,
  DescribeAutoScalingGroups: describeAutoScalingGroups,
  DescribeAutoScalingInstances: describeAutoScalingInstances,
  DescribeInstanceRefreshes: describeInstanceRefreshes,
  DescribeLaunchConfigurations: describeLaunchConfigurations,
  DescribeLifecycleHookTypes: describeLifecycleHookTypes,
  DescribeLifecycleHooks: describeLifecycleHooks,
  DescribeLoadBalancers: describeLoadBalancers,
  DescribeTrafficSources: describeTrafficSources,
  DescribeLoadBalancerTargetGroups: describeLoadBalancerTargetGroups,
  DescribeMetricCollectionTypes: describeMetricCollectionTypes,
  DescribePolicies: describePolicies,
  DescribeScalingActivities: describeScalingActivities,
  DescribeScalingProcessTypes: describeScalingProcessTypes,
  DescribeScheduledActions: describeScheduledActions,
  DescribeTags: describeTags,
  DescribeTerminationPolicyTypes: describeTerminationPolicyTypes,
  DescribeWarmPool: describeWarmPool,
  DetachInstances: detachInstances,
  DetachLoadBalancers: detachLoadBalancers,
  DetachTrafficSources: detachTrafficSources,
  DetachLoadBalancerTargetGroups: detachLoadBalancerTargetGroups,
  DisableMetricsCollection: disableMetricsCollection,
  EnableMetricsCollection: enableMetricsCollection,
  EnterStandby: enterStandby,
  ExecutePolicy: executePolicy,
  ExitStandby: exitStandby,
  PutNotificationConfiguration: putNotificationConfiguration,
  DeleteNotificationConfiguration: deleteNotificationConfiguration,
  DescribeNotificationConfigurations: describeNotificationConfigurations,
  DescribeAutoScalingNotificationTypes: describeAutoScalingNotificationTypes,
  PutLifecycleHook: putLifecycleHook,
  PutScalingPolicy: putScalingPolicy,
  PutScheduledUpdateGroupAction: putScheduledUpdateGroupAction,
  PutWarmPool: putWarmPool,
  RecordLifecycleActionHeartbeat: recordLifecycleActionHeartbeat,
  ResumeProcesses: resumeProcesses,
  RollbackInstanceRefresh: rollbackInstanceRefresh,
  SetDesiredCapacity: setDesiredCapacity,
  SetInstanceHealth: setInstanceHealth,
  SetInstanceProtection: setInstanceProtection,
  StartInstanceRefresh: startInstanceRefresh,
  SuspendProcesses: suspendProcesses,
  TerminateInstanceInAutoScalingGroup: terminateInstanceInAutoScalingGroup,
  UpdateAutoScalingGroup: updateAutoScalingGroup,
}

/** EC2 Auto Scaling. */
export function autoscalingService(deps: AutoScalingDeps): Service {
  return serviceOf(deps, {
    id: 'autoscaling',
    refuseMember: unsupportedMember,
    operations,
  })
}

export function autoscalingResourceTypes(deps: AutoScalingDeps): readonly ResourceType[] {
  return [
    autoScalingGroupType(deps),
    launchConfigurationType(deps),
    lifecycleHookType(deps),
    scalingPolicyType(deps),
    scheduledActionType(deps),
    warmPoolType(deps),
  ]
}

import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { unsupportedMember } from './errors.ts'
import { attachLoadBalancerTargetGroups } from './operations/attach-load-balancer-target-groups.ts'
import { createAutoScalingGroup } from './operations/create-auto-scaling-group.ts'
import { createOrUpdateTags } from './operations/create-or-update-tags.ts'
import { deleteAutoScalingGroup } from './operations/delete-auto-scaling-group.ts'
import { deleteTags } from './operations/delete-tags.ts'
import { describeAutoScalingGroups } from './operations/describe-auto-scaling-groups.ts'
import { describeAutoScalingInstances } from './operations/describe-auto-scaling-instances.ts'
import { describeLoadBalancerTargetGroups } from './operations/describe-load-balancer-target-groups.ts'
import { describeScalingActivities } from './operations/describe-scaling-activities.ts'
import { describeScalingProcessTypes } from './operations/describe-scaling-process-types.ts'
import { describeTags } from './operations/describe-tags.ts'
import { describeTerminationPolicyTypes } from './operations/describe-termination-policy-types.ts'
import { detachLoadBalancerTargetGroups } from './operations/detach-load-balancer-target-groups.ts'
import { resumeProcesses } from './operations/resume-processes.ts'
import { setDesiredCapacity } from './operations/set-desired-capacity.ts'
import { setInstanceHealth } from './operations/set-instance-health.ts'
import { setInstanceProtection } from './operations/set-instance-protection.ts'
import { suspendProcesses } from './operations/suspend-processes.ts'
import { terminateInstanceInAutoScalingGroup } from './operations/terminate-instance-in-auto-scaling-group.ts'
import { updateAutoScalingGroup } from './operations/update-auto-scaling-group.ts'
import type { AutoScalingDeps } from './service-deps.ts'
import { autoScalingGroupType } from './stack-resources/auto-scaling-group.ts'

/** EC2 Auto Scaling. */
export function autoscalingService(deps: AutoScalingDeps): Service {
  return serviceOf(deps, {
    id: 'autoscaling',
    refuseMember: unsupportedMember,
    operations: {
      AttachLoadBalancerTargetGroups: attachLoadBalancerTargetGroups,
      CreateAutoScalingGroup: createAutoScalingGroup,
      CreateOrUpdateTags: createOrUpdateTags,
      DeleteAutoScalingGroup: deleteAutoScalingGroup,
      DeleteTags: deleteTags,
      DescribeAutoScalingGroups: describeAutoScalingGroups,
      DescribeAutoScalingInstances: describeAutoScalingInstances,
      DescribeLoadBalancerTargetGroups: describeLoadBalancerTargetGroups,
      DescribeScalingActivities: describeScalingActivities,
      DescribeScalingProcessTypes: describeScalingProcessTypes,
      DescribeTags: describeTags,
      DescribeTerminationPolicyTypes: describeTerminationPolicyTypes,
      DetachLoadBalancerTargetGroups: detachLoadBalancerTargetGroups,
      ResumeProcesses: resumeProcesses,
      SetDesiredCapacity: setDesiredCapacity,
      SetInstanceHealth: setInstanceHealth,
      SetInstanceProtection: setInstanceProtection,
      SuspendProcesses: suspendProcesses,
      TerminateInstanceInAutoScalingGroup: terminateInstanceInAutoScalingGroup,
      UpdateAutoScalingGroup: updateAutoScalingGroup,
    },
  })
}

export function autoscalingResourceTypes(deps: AutoScalingDeps): readonly ResourceType[] {
  return [autoScalingGroupType(deps)]
}

import type { ScalingPolicy as ScalingPolicyShape } from '@aws-sdk/client-auto-scaling'
import type { ActingAlarm } from '../../scale/managed-alarms.ts'
import type { ScalingPolicy } from '../../scale/policy.ts'

/** A policy as DescribePolicies shows it, with the alarms that it keeps and those of users that execute it. */
export function policyShape(
  policy: ScalingPolicy,
  acting: readonly ActingAlarm[],
): ScalingPolicyShape {
  const kept = alarmShapes(policy)
  const others = acting.filter(
    ({ name, actions }) =>
      actions.includes(policy.arn) && !kept.some(({ AlarmName }) => AlarmName === name),
  )
  return {
    AutoScalingGroupName: policy.groupName,
    PolicyName: policy.name,
    PolicyARN: policy.arn,
    PolicyType: policy.rule.type,
    StepAdjustments: [],
    Alarms: [...kept, ...others.map(({ name, arn }) => ({ AlarmName: name, AlarmARN: arn }))],
    Enabled: policy.isEnabled,
    ...ruleShape(policy),
  }
}

export function alarmShapes({ tracking }: ScalingPolicy) {
  return (tracking?.alarms ?? []).map(({ name, arn }) => ({ AlarmName: name, AlarmARN: arn }))
}

function ruleShape({ rule, metricAggregation, tracking }: ScalingPolicy): ScalingPolicyShape {
  switch (rule.type) {
    case 'SimpleScaling':
      return {
        AdjustmentType: rule.adjustmentType,
        ScalingAdjustment: rule.adjustment,
        MinAdjustmentMagnitude: rule.magnitudeMin,
        Cooldown: rule.cooldownSeconds,
      }
    case 'StepScaling':
      return {
        AdjustmentType: rule.adjustmentType,
        MinAdjustmentMagnitude: rule.magnitudeMin,
        MetricAggregationType: metricAggregation ?? 'Average',
        EstimatedInstanceWarmup: rule.warmupSeconds,
        StepAdjustments: rule.steps.map(({ lower, upper, adjustment }) => ({
          MetricIntervalLowerBound: lower,
          MetricIntervalUpperBound: upper,
          ScalingAdjustment: adjustment,
        })),
      }
    case 'TargetTrackingScaling':
      return {
        EstimatedInstanceWarmup: rule.warmupSeconds,
        TargetTrackingConfiguration: {
          TargetValue: rule.target,
          ...tracking?.given,
        },
      }
  }
}

import type { Operation } from '../../../wire/service.ts'
import { alarmShapes } from '../policy-shape.ts'
import { putPolicy } from '../put-policy.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const putScalingPolicy: Operation<
  AutoScalingOperations,
  'PutScalingPolicy',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    PolicyName: true,
    PolicyType: true,
    AdjustmentType: true,
    MinAdjustmentMagnitude: true,
    ScalingAdjustment: true,
    Cooldown: true,
    MetricAggregationType: true,
    StepAdjustments: {
      MetricIntervalLowerBound: true,
      MetricIntervalUpperBound: true,
      ScalingAdjustment: true,
    },
    EstimatedInstanceWarmup: true,
    Enabled: true,
    TargetTrackingConfiguration: {
      TargetValue: true,
      DisableScaleIn: true,
      PredefinedMetricSpecification: { PredefinedMetricType: true },
      CustomizedMetricSpecification: {
        MetricName: true,
        Namespace: true,
        Dimensions: { Name: true, Value: true },
        Statistic: true,
        Unit: true,
        Period: true,
      },
    },
  },
  async handle(input, request, deps) {
    const policy = await putPolicy(deps, request.scope, input)
    return { PolicyARN: policy.arn, Alarms: alarmShapes(policy) }
  },
}

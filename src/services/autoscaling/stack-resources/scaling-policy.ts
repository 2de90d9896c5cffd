import type { PutScalingPolicyType } from '@aws-sdk/client-auto-scaling'
import type { Properties, ResourceContext, ResourceType } from '../../../stacks/resource-type.ts'
import { putPolicy } from '../put-policy.ts'
import type { AutoScalingDeps } from '../service-deps.ts'

/** `AWS::AutoScaling::ScalingPolicy`. Its name comes from the stack, its `Ref` is its ARN. */
export function scalingPolicyType(deps: AutoScalingDeps): ResourceType {
  async function put(properties: Properties, context: ResourceContext, name: string) {
    const given = properties as unknown as PutScalingPolicyType
    const { arn } = await putPolicy(deps, context.scope, { ...given, PolicyName: name })
    return { physicalId: arn, attributes: { Arn: arn, PolicyName: name } }
  }
  return {
    name: 'AWS::AutoScaling::ScalingPolicy',
    properties: {
      AutoScalingGroupName: 'string',
      PolicyType: 'string',
      AdjustmentType: 'string',
      MinAdjustmentMagnitude: 'number',
      ScalingAdjustment: 'number',
      Cooldown: 'number',
      MetricAggregationType: 'string',
      EstimatedInstanceWarmup: 'number',
      StepAdjustments: {
        MetricIntervalLowerBound: 'number',
        MetricIntervalUpperBound: 'number',
        ScalingAdjustment: 'number',
      },
      TargetTrackingConfiguration: {
        TargetValue: 'number',
        DisableScaleIn: 'boolean',
        PredefinedMetricSpecification: { PredefinedMetricType: 'string' },
        CustomizedMetricSpecification: {
          MetricName: 'string',
          Namespace: 'string',
          Statistic: 'string',
          Unit: 'string',
          Period: 'number',
          Dimensions: { Name: 'string', Value: 'string' },
        },
      },
    },
    required: ['AutoScalingGroupName'],
    attributes: ['Arn', 'PolicyName'],
    replaceOn: ['AutoScalingGroupName', 'PolicyType'],
    async create(properties, context) {
      const made = await put(properties, context, context.physicalName(255))
      await context.started(made.physicalId)
      return made
    },
    async update({ physicalId, after }, context) {
      const policy = await deps.scale.findPolicy(context.scope, physicalId)
      return put(after, context, policy?.name ?? context.physicalName(255))
    },
    async remove({ physicalId }, { scope }) {
      const policy = await deps.scale.findPolicy(scope, physicalId)
      if (policy) await deps.scale.removePolicy(scope, policy)
    },
  }
}

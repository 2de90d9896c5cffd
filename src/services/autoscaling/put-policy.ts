import type { PutScalingPolicyType } from '@aws-sdk/client-auto-scaling'
import { arnOf } from '../../kernel/arn.ts'
import { uuid } from '../../kernel/random.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { ScalingPolicy } from '../../scale/policy.ts'
import { groupNotFound, limitExceeded, pendingDelete, validationError } from './errors.ts'
import { checkRule } from './policy-specification.ts'
import type { AutoScalingDeps } from './service-deps.ts'
import { checkTracking } from './tracking-specification.ts'
import { groupNamed } from './update-group.ts'

/** AWS's quota of policies in one group. */
const policiesMax = 50

/** A policy out of a request, checked and put. One of the same name keeps its ARN. */
export async function putPolicy(
  deps: AutoScalingDeps,
  scope: Scope,
  input: PutScalingPolicyType,
): Promise<ScalingPolicy> {
  const { random } = deps.scale.context
  const group = await groupNamed(deps, scope, input.AutoScalingGroupName)
  if (group.isDeleting) throw pendingDelete(group.name)
  const name = checkPolicyName(input.PolicyName)
  const rule = checkRule(input)
  const aggregation = input.MetricAggregationType ?? 'Average'
  if (!['Minimum', 'Maximum', 'Average'].includes(aggregation)) {
    throw validationError('MetricAggregationType is Minimum, Maximum or Average')
  }
  const all = await deps.scale.policies(scope, group.name)
  const before = all.find((policy) => policy.name === name)
  if (!before && all.length >= policiesMax) {
    throw limitExceeded(`An Auto Scaling group has at most ${policiesMax} scaling policies`)
  }
  if (before && before.rule.type !== rule.type) {
    throw validationError(
      `Policy ${name} is of type ${before.rule.type}; the type of a policy cannot be changed`,
    )
  }
  const resource = `scalingPolicy:${uuid(random)}:autoScalingGroupName/${group.name}:policyName/${name}`
  const made = await deps.scale.putPolicy(scope, {
    name,
    groupName: group.name,
    arn: before?.arn ?? arnOf('autoscaling', scope, resource),
    isEnabled: input.Enabled ?? true,
    rule,
    ...(rule.type === 'StepScaling' ? { metricAggregation: aggregation } : {}),
    ...trackingOf(deps, input, before),
  })
  if (!made) throw groupNotFound(group.name)
  return made
}

function trackingOf(
  deps: AutoScalingDeps,
  input: PutScalingPolicyType,
  before: ScalingPolicy | undefined,
): Pick<ScalingPolicy, 'tracking'> {
  const given = input.TargetTrackingConfiguration
  if (!given) return {}
  if (!deps.scale.ports.managedAlarms) {
    throw validationError(
      'PolicyType TargetTrackingScaling is not supported here: there are no CloudWatch alarms for it',
    )
  }
  const tracking = checkTracking(input.AutoScalingGroupName ?? '', given)
  return { tracking: { ...tracking, alarms: before?.tracking?.alarms ?? [] } }
}

function checkPolicyName(name: string | undefined): string {
  if (!name || name.length > 255) {
    throw validationError('PolicyName must have between 1 and 255 characters')
  }
  return name
}

/** By name in its group, or by ARN, as the operations take it. */
export async function policyNamed(
  deps: AutoScalingDeps,
  scope: Scope,
  groupName: string | undefined,
  nameOrArn: string | undefined,
): Promise<ScalingPolicy | undefined> {
  const given = nameOrArn ?? ''
  if (given.startsWith('arn:')) return deps.scale.findPolicy(scope, given)
  if (!groupName) {
    throw validationError('AutoScalingGroupName is required when a policy is given by its name')
  }
  const group = await groupNamed(deps, scope, groupName)
  return (await deps.scale.policies(scope, group.name)).find(({ name }) => name === given)
}

import type { Operation } from '../../../wire/service.ts'
import { isoSeconds } from '../../../kernel/clock.ts'
import { activityInProgress, pendingDelete, policyNotFound, validationError } from '../errors.ts'
import { policyNamed } from '../put-policy.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const executePolicy: Operation<AutoScalingOperations, 'ExecutePolicy', AutoScalingDeps> = {
  accepts: {
    AutoScalingGroupName: true,
    PolicyName: true,
    HonorCooldown: true,
    MetricValue: true,
    BreachThreshold: true,
  },
  async handle(input, request, deps) {
    const { AutoScalingGroupName: groupName, PolicyName: name = '' } = input
    const policy = await policyNamed(deps, request.scope, groupName, name)
    if (!policy) throw policyNotFound(name)
    const { type } = policy.rule
    if (type === 'TargetTrackingScaling') {
      throw validationError('Policies of type TargetTrackingScaling cannot be executed directly')
    }
    const { MetricValue: metricValue, BreachThreshold: threshold } = input
    const hasBreach = metricValue !== undefined && threshold !== undefined
    if (type === 'StepScaling' && !hasBreach) {
      throw validationError(
        'MetricValue and BreachThreshold are required for policies of type StepScaling',
      )
    }
    if (type === 'SimpleScaling' && (metricValue !== undefined || threshold !== undefined)) {
      throw validationError(
        'MetricValue and BreachThreshold are supported only for policies of type StepScaling',
      )
    }
    if (type === 'StepScaling' && input.HonorCooldown) {
      throw validationError('HonorCooldown is not supported for policies of type StepScaling')
    }
    const answer = await deps.scale.executePolicy(request.scope, policy.arn, {
      ...(hasBreach ? { breach: { metricValue, threshold } } : {}),
      overrulesCooldown: !(input.HonorCooldown ?? false),
    })
    if (answer.ok) return {}
    switch (answer.reason) {
      case 'in-cooldown':
        throw activityInProgress(
          `Scaling activity is in cooldown until ${isoSeconds(answer.until ?? 0)} and blocks this action`,
        )
      case 'deleting':
        throw pendingDelete(policy.groupName)
      case 'disabled':
        throw validationError(`Policy ${policy.name} is disabled`)
      case 'unknown':
      case 'suspended':
        throw policyNotFound(name)
    }
  },
}

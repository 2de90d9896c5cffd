import type { Operation } from '../../../wire/service.ts'
import { policyNotFound } from '../errors.ts'
import { policyNamed } from '../put-policy.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const deletePolicy: Operation<AutoScalingOperations, 'DeletePolicy', AutoScalingDeps> = {
  accepts: { AutoScalingGroupName: true, PolicyName: true },
  async handle(input, request, deps) {
    const { AutoScalingGroupName: groupName, PolicyName: name } = input
    const policy = await policyNamed(deps, request.scope, groupName, name)
    if (!policy) throw policyNotFound(name ?? '')
    await deps.scale.removePolicy(request.scope, policy)
    return {}
  },
}

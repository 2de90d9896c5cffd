import type { Operation } from '../../../wire/service.ts'
import { byName, nextToken, page } from '../paging.ts'
import { policyShape } from '../policy-shape.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

export const describePolicies: Operation<
  AutoScalingOperations,
  'DescribePolicies',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    PolicyNames: true,
    PolicyTypes: true,
    MaxRecords: true,
    NextToken: true,
  },
  async handle(input, request, deps) {
    const { AutoScalingGroupName: groupName, PolicyNames = [], PolicyTypes = [] } = input
    if (groupName !== undefined) await groupNamed(deps, request.scope, groupName)
    const chosen = (await deps.scale.policies(request.scope, groupName))
      .filter(
        ({ name, arn, rule }) =>
          (PolicyNames.length === 0 || PolicyNames.includes(name) || PolicyNames.includes(arn)) &&
          (PolicyTypes.length === 0 || PolicyTypes.includes(rule.type)),
      )
      .toSorted(byName((policy) => policy.arn))
    const found = page(chosen, (policy) => policy.arn, input)
    const acting = (await deps.scale.ports.managedAlarms?.acting(request.scope)) ?? []
    const ScalingPolicies = found.items.map((policy) => policyShape(policy, acting))
    return { ScalingPolicies, ...nextToken(found) }
  },
}

import type { Operation } from '../../../wire/service.ts'
import { checkBalancers } from '../group-specification.ts'
import { changeGroup } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const attachLoadBalancers: Operation<
  AutoScalingOperations,
  'AttachLoadBalancers',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, LoadBalancerNames: true },
  async handle(input, { scope }, deps) {
    const arns = await checkBalancers(deps, scope, input.LoadBalancerNames ?? [])
    await changeGroup(deps, scope, input.AutoScalingGroupName, (group) => ({
      ...group,
      targetGroupArns: [...new Set([...group.targetGroupArns, ...arns])],
    }))
    return {}
  },
}

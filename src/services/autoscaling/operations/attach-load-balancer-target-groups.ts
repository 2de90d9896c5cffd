import type { Operation } from '../../../wire/service.ts'
import { checkTargetGroups } from '../group-specification.ts'
import { changeGroup } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const attachLoadBalancerTargetGroups: Operation<
  AutoScalingOperations,
  'AttachLoadBalancerTargetGroups',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, TargetGroupARNs: true },
  async handle(input, request, deps) {
    const { scope } = request
    const arns = await checkTargetGroups(deps, scope, input.TargetGroupARNs ?? [])
    await changeGroup(deps, scope, input.AutoScalingGroupName, (group) => ({
      ...group,
      targetGroupArns: [...new Set([...group.targetGroupArns, ...arns])],
    }))
    return {}
  },
}

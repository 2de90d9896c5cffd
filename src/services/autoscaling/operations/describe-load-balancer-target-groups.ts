import type { Operation } from '../../../wire/service.ts'
import { attachmentState } from '../attachment-state.ts'
import { targetGroupArns } from '../group-shape.ts'
import { nextToken, page } from '../paging.ts'
import { groupNamed } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeLoadBalancerTargetGroups: Operation<
  AutoScalingOperations,
  'DescribeLoadBalancerTargetGroups',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, MaxRecords: true, NextToken: true },
  async handle(input, request, deps) {
    const { scope } = request
    const group = await groupNamed(deps, scope, input.AutoScalingGroupName)
    const staff = (await deps.scale.membersOf(scope, group.name)).map((record) => record.value)
    const leaving = staff.flatMap((member) => member.registeredIn)
    const joined = { targetGroupArns: [...group.targetGroupArns, ...leaving] }
    const arns = [...new Set(targetGroupArns(joined))].sort()
    const found = page(arns, (arn) => arn, input)
    const states = found.items.map(async (arn) => {
      const State = await attachmentState(deps, { scope, group, arn, staff })
      return { LoadBalancerTargetGroupARN: arn, State }
    })
    return { LoadBalancerTargetGroups: await Promise.all(states), ...nextToken(found) }
  },
}

import type { Operation } from '../../../wire/service.ts'
import { classicBalancerArn } from '../../../balance/arns.ts'
import { attachmentState } from '../attachment-state.ts'
import { classicNames } from '../group-shape.ts'
import { nextToken, page } from '../paging.ts'
import { groupNamed } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeLoadBalancers: Operation<
  AutoScalingOperations,
  'DescribeLoadBalancers',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, MaxRecords: true, NextToken: true },
  async handle(input, { scope }, deps) {
    const group = await groupNamed(deps, scope, input.AutoScalingGroupName)
    const staff = (await deps.scale.membersOf(scope, group.name)).map((record) => record.value)
    const leaving = staff.flatMap((member) => member.registeredIn)
    const joined = { targetGroupArns: [...group.targetGroupArns, ...leaving] }
    const names = [...new Set(classicNames(joined))].sort()
    const found = page(names, (name) => name, input)
    const states = found.items.map(async (LoadBalancerName) => {
      const arn = classicBalancerArn(scope, LoadBalancerName)
      const State = await attachmentState(deps, { scope, group, arn, staff })
      return { LoadBalancerName, State }
    })
    return { LoadBalancers: await Promise.all(states), ...nextToken(found) }
  },
}

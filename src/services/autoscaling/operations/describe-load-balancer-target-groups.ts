import type { Operation } from '../../../wire/service.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { Group, Member } from '../../../scale/group.ts'
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
    const arns = [...new Set([...group.targetGroupArns, ...leaving])].sort()
    const found = page(arns, (arn) => arn, input)
    const states = found.items.map(async (arn) => {
      const State = await stateOf(deps, { scope, group, arn, staff })
      return { LoadBalancerTargetGroupARN: arn, State }
    })
    return { LoadBalancerTargetGroups: await Promise.all(states), ...nextToken(found) }
  },
}

/** `Adding` until every instance in service is registered, `InService` once one of them passes its health check. */
async function stateOf(
  deps: AutoScalingDeps,
  of: { scope: Scope; group: Group; arn: string; staff: readonly Member[] },
): Promise<string> {
  if (!of.group.targetGroupArns.includes(of.arn)) return 'Removing'
  const inService = of.staff.filter((member) => member.lifecycle === 'InService')
  if (inService.some((member) => !member.registeredIn.includes(of.arn))) return 'Adding'
  const targets = (await deps.scale.ports.targets.list(of.scope, of.arn)) ?? []
  const healthy = targets.filter((target) => target.state === 'healthy')
  const isServing = inService.some((member) =>
    healthy.some((target) => target.targetId === member.instanceId),
  )
  return isServing ? 'InService' : 'Added'
}

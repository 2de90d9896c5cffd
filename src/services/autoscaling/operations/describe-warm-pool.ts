import type { Operation } from '../../../wire/service.ts'
import { isWarm, memberShape } from '../group-shape.ts'
import { byName, nextToken, page } from '../paging.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'
import { warmPoolShape } from '../warm-pool-specification.ts'

export const describeWarmPool: Operation<
  AutoScalingOperations,
  'DescribeWarmPool',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, MaxRecords: true, NextToken: true },
  async handle(input, request, deps) {
    const group = await groupNamed(deps, request.scope, input.AutoScalingGroupName)
    const members = await deps.scale.membersOf(request.scope, group.name)
    const instances = members
      .map((record) => record.value)
      .filter(isWarm)
      .flatMap((member) => memberShape(group, member))
      .sort(byName((instance) => instance.InstanceId ?? ''))
    const found = page(instances, (instance) => instance.InstanceId ?? '', input)
    return {
      ...(group.warmPool && { WarmPoolConfiguration: warmPoolShape(group.warmPool) }),
      Instances: [...found.items],
      ...nextToken(found),
    }
  },
}

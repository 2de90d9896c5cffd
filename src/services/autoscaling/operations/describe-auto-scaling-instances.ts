import type { Operation } from '../../../wire/service.ts'
import { instanceDetails } from '../group-shape.ts'
import { byName, nextToken, page } from '../paging.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeAutoScalingInstances: Operation<
  AutoScalingOperations,
  'DescribeAutoScalingInstances',
  AutoScalingDeps
> = {
  accepts: { InstanceIds: true, MaxRecords: true, NextToken: true },
  async handle(input, request, deps) {
    const ids = input.InstanceIds ?? []
    const groups = new Map(
      (await deps.scale.list(request.scope)).map((group) => [group.name, group]),
    )
    const details = (await deps.scale.membersOf(request.scope))
      .flatMap(({ value }) => instanceDetails(groups.get(value.groupName), value))
      .filter((instance) => ids.length === 0 || ids.includes(instance.InstanceId ?? ''))
      .sort(byName((instance) => instance.InstanceId ?? ''))
    const found = page(details, (instance) => instance.InstanceId ?? '', input)
    return { AutoScalingInstances: [...found.items], ...nextToken(found) }
  },
}

import type { Operation } from '../../../wire/service.ts'
import { matchesGroup } from '../group-filters.ts'
import { groupShape } from '../group-shape.ts'
import { byName, nextToken, page } from '../paging.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeAutoScalingGroups: Operation<
  AutoScalingOperations,
  'DescribeAutoScalingGroups',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupNames: true,
    Filters: { Name: true, Values: true },
    IncludeInstances: true,
    MaxRecords: true,
    NextToken: true,
  },
  async handle(input, request, deps) {
    const names = input.AutoScalingGroupNames ?? []
    const groups = (await deps.scale.list(request.scope))
      .filter(
        (group) => names.length === 0 || names.includes(group.name) || names.includes(group.arn),
      )
      .filter((group) => matchesGroup(group, input.Filters ?? []))
      .sort(byName((group) => group.name))
    const found = page(groups, (group) => group.name, input)
    const members = await deps.scale.membersOf(request.scope)
    const staff = Map.groupBy(members, (record) => record.value.groupName)
    const shows = input.IncludeInstances !== false
    return {
      AutoScalingGroups: found.items.map((group) => {
        const own = staff.get(group.name)?.map((record) => record.value)
        return groupShape(group, shows ? own : [], own)
      }),
      ...nextToken(found),
    }
  },
}

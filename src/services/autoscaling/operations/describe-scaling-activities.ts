import type { Operation } from '../../../wire/service.ts'
import type { Activity } from '../../../scale/group.ts'
import { activityShape } from '../group-shape.ts'
import { nextToken, page } from '../paging.ts'
import { groupNamed } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeScalingActivities: Operation<
  AutoScalingOperations,
  'DescribeScalingActivities',
  AutoScalingDeps
> = {
  accepts: {
    ActivityIds: true,
    AutoScalingGroupName: true,
    IncludeDeletedGroups: true,
    MaxRecords: true,
    NextToken: true,
  },
  async handle(input, request, deps) {
    const name = input.AutoScalingGroupName
    const includeDeleted = input.IncludeDeletedGroups ?? false
    if (name !== undefined && !includeDeleted) await groupNamed(deps, request.scope, name)
    const ids = input.ActivityIds ?? []
    const all = await deps.scale.activitiesOf(request.scope, name, includeDeleted)
    const chosen = all.filter(({ activityId }) => ids.length === 0 || ids.includes(activityId))
    const found = page(chosen, newestFirst, { ...input, MaxRecords: input.MaxRecords ?? 100 })
    return { Activities: found.items.map(activityShape), ...nextToken(found) }
  },
}

/** A key that grows towards the past, as the list does. */
function newestFirst({ startTime, activityId }: Activity): string {
  return `${String(Number.MAX_SAFE_INTEGER - startTime).padStart(16, '0')}/${activityId}`
}

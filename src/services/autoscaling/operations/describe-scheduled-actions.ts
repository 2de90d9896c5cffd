import type { Operation } from '../../../wire/service.ts'
import type { ScheduledAction } from '../../../scale/scheduled-action.ts'
import { byName, nextToken, page } from '../paging.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

export const describeScheduledActions: Operation<
  AutoScalingOperations,
  'DescribeScheduledActions',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    ScheduledActionNames: true,
    StartTime: true,
    EndTime: true,
    MaxRecords: true,
    NextToken: true,
  },
  async handle(input, request, deps) {
    const { AutoScalingGroupName: groupName, ScheduledActionNames: names = [] } = input
    if (groupName !== undefined) await groupNamed(deps, request.scope, groupName)
    const from = input.StartTime?.getTime() ?? -Infinity
    const to = input.EndTime?.getTime() ?? Infinity
    const chosen = (await deps.scale.scheduledActions(request.scope, groupName))
      .filter(({ name, arn, nextRunAt = from }) =>
        names.length > 0
          ? names.includes(name) || names.includes(arn)
          : from <= nextRunAt && nextRunAt <= to,
      )
      .toSorted(byName(({ arn }) => arn))
    const found = page(chosen, ({ arn }) => arn, input)
    return { ScheduledUpdateGroupActions: found.items.map(actionShape), ...nextToken(found) }
  },
}

/** The times are those of the next run, as on AWS. */
function actionShape(action: ScheduledAction) {
  const at = action.nextRunAt ?? action.startTime
  return {
    AutoScalingGroupName: action.groupName,
    ScheduledActionName: action.name,
    ScheduledActionARN: action.arn,
    ...(at === undefined ? {} : { Time: new Date(at), StartTime: new Date(at) }),
    ...(action.endTime === undefined ? {} : { EndTime: new Date(action.endTime) }),
    Recurrence: action.recurrence,
    TimeZone: action.timeZone,
    MinSize: action.minSize,
    MaxSize: action.maxSize,
    DesiredCapacity: action.desiredCapacity,
  }
}

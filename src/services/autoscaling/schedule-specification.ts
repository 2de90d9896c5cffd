import type { ScheduledUpdateGroupActionRequest } from '@aws-sdk/client-auto-scaling'
import { arnOf } from '../../kernel/arn.ts'
import { uuid } from '../../kernel/random.ts'
import type { Scope } from '../../kernel/scope.ts'
import { isTimeZone, parseCron } from '../../scale/domain/cron.ts'
import { nextRun } from '../../scale/domain/schedule.ts'
import type { ScheduledAction } from '../../scale/scheduled-action.ts'
import { limitExceeded, otherActionAtThatTime, validationError } from './errors.ts'
import type { AutoScalingDeps } from './service-deps.ts'

/** AWS's quota of actions in one group. */
const scheduledActionsMax = 125

type CheckedAction = Omit<ScheduledAction, 'nextRunAt'>

/** A scheduled action out of a request, checked against those that the group has. One of the same name keeps its ARN. */
export function checkScheduledAction(
  deps: AutoScalingDeps,
  at: { scope: Scope; groupName: string; others: readonly ScheduledAction[] },
  input: ScheduledUpdateGroupActionRequest & { Time?: Date | undefined },
): CheckedAction {
  const { clock, random } = deps.scale.context
  const name = checkActionName(input.ScheduledActionName)
  const before = at.others.find((action) => action.name === name)
  if (!before && at.others.length >= scheduledActionsMax) {
    throw limitExceeded(`A group has at most ${scheduledActionsMax} scheduled actions`)
  }
  const resource = `scheduledUpdateGroupAction:${uuid(random)}:autoScalingGroupName/${at.groupName}:scheduledActionName/${name}`
  const action = {
    name,
    groupName: at.groupName,
    arn: before?.arn ?? arnOf('autoscaling', at.scope, resource),
    ...checkTimes(input, clock.now()),
    ...checkNewSizes(input),
  }
  if (nextRun(action, clock.now()) === undefined) {
    throw validationError('The scheduled action has no time to come at which it would run')
  }
  const { startTime, recurrence } = action
  const rival = at.others.find(
    (other) => other.name !== name && startTime !== undefined && other.startTime === startTime,
  )
  if (rival && recurrence === undefined) throw otherActionAtThatTime(rival.name)
  return action
}

function checkActionName(name: string | undefined): string {
  if (!name || name.length > 255) {
    throw validationError('ScheduledActionName must have between 1 and 255 characters')
  }
  return name
}

function checkTimes(
  input: ScheduledUpdateGroupActionRequest & { Time?: Date | undefined },
  now: number,
): Pick<ScheduledAction, 'startTime' | 'endTime' | 'recurrence' | 'timeZone'> {
  const { Recurrence: recurrence, TimeZone: timeZone } = input
  const startTime = (input.StartTime ?? input.Time)?.getTime()
  const endTime = input.EndTime?.getTime()
  if (input.StartTime && input.Time && input.StartTime.getTime() !== input.Time.getTime()) {
    throw validationError('StartTime and Time must be the same when both are specified')
  }
  if (startTime === undefined && recurrence === undefined) {
    throw validationError('Either StartTime or Recurrence must be specified')
  }
  if (startTime !== undefined && startTime <= now) {
    throw validationError('Given start time is in the past')
  }
  if (endTime !== undefined && endTime <= now) {
    throw validationError('Given end time is in the past')
  }
  if (startTime !== undefined && endTime !== undefined && endTime <= startTime) {
    throw validationError('Given end time is before the given start time')
  }
  if (recurrence !== undefined && !parseCron(recurrence)) {
    throw validationError(`Given recurrence string: ${recurrence} is invalid`)
  }
  if (timeZone !== undefined && recurrence === undefined) {
    throw validationError('TimeZone is supported only together with Recurrence')
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw validationError(`Given time zone: ${timeZone} is invalid`)
  }
  return {
    ...(startTime === undefined ? {} : { startTime }),
    ...(endTime === undefined ? {} : { endTime }),
    ...(recurrence === undefined ? {} : { recurrence }),
    ...(timeZone === undefined ? {} : { timeZone }),
  }
}

function checkNewSizes(
  input: ScheduledUpdateGroupActionRequest,
): Pick<ScheduledAction, 'minSize' | 'maxSize' | 'desiredCapacity'> {
  const { MinSize: minSize, MaxSize: maxSize, DesiredCapacity: desiredCapacity } = input
  const sizes = Object.entries({ minSize, maxSize, desiredCapacity }).filter(
    (entry): entry is [string, number] => entry[1] !== undefined && entry[1] !== -1,
  )
  if (sizes.length === 0) {
    throw validationError(
      'At least one of MinSize, MaxSize and DesiredCapacity must be specified for a scheduled action',
    )
  }
  for (const [name, size] of sizes) {
    if (!Number.isInteger(size) || size < 0) {
      throw validationError(`${name} must be a whole number of at least 0, not ${size}`)
    }
  }
  const known = Object.fromEntries(sizes) as {
    minSize?: number
    maxSize?: number
    desiredCapacity?: number
  }
  if ((known.minSize ?? 0) > (known.maxSize ?? Infinity)) {
    throw validationError('MaxSize must be greater than or equal to MinSize')
  }
  const desired = known.desiredCapacity
  if (
    desired !== undefined &&
    (desired < (known.minSize ?? 0) || desired > (known.maxSize ?? Infinity))
  ) {
    throw validationError('DesiredCapacity must be between MinSize and MaxSize')
  }
  return known
}

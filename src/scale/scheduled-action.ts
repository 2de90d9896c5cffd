import { kindOf } from '../store/records.ts'

/** A change of a group's sizes at a set time, once or again and again. */
export interface ScheduledAction {
  readonly name: string
  readonly groupName: string
  readonly arn: string
  readonly startTime?: number | undefined
  readonly endTime?: number | undefined
  /** A cron text; `timeZone` says on whose clocks, UTC when absent. */
  readonly recurrence?: string | undefined
  readonly timeZone?: string | undefined
  readonly minSize?: number | undefined
  readonly maxSize?: number | undefined
  readonly desiredCapacity?: number | undefined
  /** Its next moment; an action without one is over. */
  readonly nextRunAt?: number | undefined
}

/** Id: `<group>/<action>`. Owner: the group's name. */
export const scheduledActions = kindOf<ScheduledAction>('scale/scheduled-action')

export function scheduledActionId(groupName: string, actionName: string): string {
  return `${groupName}/${actionName}`
}
